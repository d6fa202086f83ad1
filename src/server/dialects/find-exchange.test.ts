import { expect, test, vi } from 'vitest';
import { memoryStore } from '../../log/index.ts';
import { foldEntries, emptyState } from '../../protocol/index.ts';
import type { SessionEvent, SessionState } from '../../protocol/index.ts';
import type { Transcripts } from '../../transcripts/index.ts';
import { toWindow } from '../../transcripts/index.ts';
import { findWithdrawn } from './exchange-entries.ts';
import { findExchange } from './find-exchange.ts';

/** A conversation of so many messages, each with its answer. The sender named them `r1`, `r2` … */
function toState(count: number): SessionState {
  const events = Array.from({ length: count }, (_, index): readonly SessionEvent[] => {
    const [message, turn] = [`m${index + 1}`, `t${index + 1}`];
    return [
      { type: 'message', message, turn, ref: `r${index + 1}`, content: 'x', at: 0 },
      { type: 'message_start', message, turn, run: `run${index + 1}`, attempt: 1, at: 0 },
      { type: 'message_end', turn, outcome: 'completed' },
    ];
  }).flat();
  const entries = events.map((event, index) => ({ id: `${index + 1}-aaaaaa`, event }));
  return foldEntries(emptyState('s'), entries);
}

function setUp(count = 100) {
  const state = toState(count);
  const parts: (number | undefined)[] = [];
  const head = { version: 1, owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] } as const;
  const read: Transcripts['read'] = async (_, { messages } = {}) => {
    parts.push(messages);
    const seen = messages === undefined ? state : toWindow(state, messages);
    return { state: seen, head, trimmed: 0, base: undefined };
  };
  return { parts, find: (...given: Rest) => findExchange({ read }, 's', ...given) };
}

type Rest = [Parameters<typeof findExchange>[2], Parameters<typeof findExchange>[3]?];

test.each([
  ['last', 100],
  [{ turn: 't99' }, 99],
  [{ run: 'run98' }, 98],
  [{ message: 'm97' }, 97],
  [{ message: 'r96' }, 96],
] as const)('the exchange %j is found among the last messages', async (name, at) => {
  const { find, parts } = setUp();
  const from = `${(at - 1) * 3}-aaaaaa`;
  expect(await find(name)).toEqual({ session: 's', message: `m${at}`, turn: `t${at}`, ref: `r${at}`, from });
  expect(parts).toEqual([16]);
});

test('an earlier exchange is found in the whole conversation', async () => {
  const { find, parts } = setUp();
  expect(await find({ message: 'r2' })).toMatchObject({ message: 'm2', from: '3-aaaaaa' });
  expect(await find({ turn: 't1' })).toMatchObject({ message: 'm1', from: undefined });
  expect(await find({ message: 'nothing' })).toBeUndefined();
  expect(parts).toEqual([16, undefined, 16, undefined, 16, undefined]);
});

test('a new message costs no reading of the whole conversation, if the one before it is known', async () => {
  const { find, parts } = setUp();
  expect(await find({ message: 'new' }, { message: 'r100' })).toBeUndefined();
  expect(parts).toEqual([16]);
  // A message near the beginning that was edited: so is the one before it.
  expect(await find({ message: 'r3' }, { message: 'r2' })).toMatchObject({ message: 'm3' });
  expect(parts).toEqual([16, 16, undefined]);
});

test('no turn is open in a session that rests, which its last messages show', async () => {
  const { find, parts } = setUp();
  for (const name of ['open', 'recent'] as const) expect(await find(name)).toBeUndefined();
  expect(parts).toEqual([16, 16]);
});

test('discarded parts are looked for in the exchange, and not in what follows', async () => {
  const { log } = memoryStore();
  const [message, turn] = ['m', 't'];
  const said: readonly SessionEvent[] = [
    { type: 'message', message, turn, content: 'x', at: 0 },
    { type: 'message_start', message, turn, attempt: 1, at: 0 },
    { type: 'discard', turn, parts: ['p'] },
    { type: 'message_end', turn, outcome: 'completed' },
  ];
  const head = { owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] } as const;
  const other: SessionEvent = { type: 'withdraw', message: 'other' };
  await log.append('s', [...said, ...Array.from({ length: 1_000 }, () => other)], {
    head: { was: 0, now: head },
  });
  const read = vi.spyOn(log, 'read');
  const exchange = { session: 's', message, turn, from: undefined };
  expect(await findWithdrawn(log, exchange)).toEqual(new Set(['t:p']));
  expect(read).toHaveBeenCalledTimes(1);
});
