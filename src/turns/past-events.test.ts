import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBusy } from '../log/internal.ts';
import { emptyState, fold, foldEntries, isSessionEvent, toEntryId } from '../protocol/index.ts';
import type { Content, PastMessage, PastPart, SessionEvent, SessionState } from '../protocol/index.ts';
import { checkTurns } from '../testing/check-turns.ts';
import { create, decide } from './decide.ts';
import { agentOf, setUp, settled } from './engine.fixture.ts';

const creation = { session: 's', owner: 'ada', kind: 'session', at: 7 } as const;
const user = (content: Content): PastMessage => ({ role: 'user', content });
const agent = (...parts: readonly (string | PastPart)[]): PastMessage => ({
  role: 'agent',
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const tool = (call: string, input: unknown = {}, output: unknown = 'done'): PastPart & { type: 'tool' } => ({
  type: 'tool',
  call,
  tool: 'clock',
  input,
  output,
  status: 'ok',
});

function toEntries(events: readonly SessionEvent[]) {
  return events.map((event, index) => ({ id: toEntryId(index + 1, 'abcdef'), event }));
}

function stateOf(past: readonly PastMessage[]): SessionState {
  return foldEntries(emptyState('s'), toEntries(create({ ...creation, past }).events));
}

/** Returns the messages of a state in the words of a past. */
function toPast({ messages }: SessionState): readonly PastMessage[] {
  return messages.map((message): PastMessage => {
    if (message.role === 'user') {
      const { role, content, ref, author } = message;
      return { role, content, ...(ref !== undefined && { ref }), ...(author !== undefined && { author }) };
    }
    const parts = message.parts.map((part): PastPart => {
      if (part.type === 'text' || part.type === 'reasoning') return { type: part.type, text: part.text };
      if (part.type !== 'tool' || part.status === 'running' || part.status === 'input')
        throw new Error(part.type);
      const { type, call, tool: name, input, output, status } = part;
      if (status === 'waiting') throw new Error(status);
      return { type, call, tool: name, input, output, status };
    });
    return { role: 'agent', parts };
  });
}

const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const anyPart: fc.Arbitrary<PastPart> = fc.oneof(
  fc.record({ type: fc.constantFrom('text' as const, 'reasoning' as const), text: fc.string() }),
  fc.record({
    type: fc.constant('tool' as const),
    call: fc.uuid(),
    tool: fc.string(),
    input: json,
    output: json,
    status: fc.constantFrom('ok' as const, 'error' as const, 'cancelled' as const),
  }),
);
const anyMessage: fc.Arbitrary<PastMessage> = fc.oneof(
  fc.record(
    { role: fc.constant('user' as const), content: fc.string(), ref: fc.string(), author: fc.string() },
    { requiredKeys: ['role', 'content'] },
  ),
  fc.record({ role: fc.constant('agent' as const), parts: fc.array(anyPart, { maxLength: 4 }) }),
);

test('any past folds to a state with exactly its messages, and nothing is open or would run', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 12 }), (past) => {
      const { events, head } = create({ ...creation, past });
      const entries = toEntries(events);
      const state = foldEntries(emptyState('s'), entries);
      expect(events.every(isSessionEvent)).toBe(true);
      expect(toPast(state)).toEqual(past);
      expect(entries.reduce(fold, emptyState('s'))).toEqual(state);
      expect(state.turn).toBeUndefined();
      expect(state.approvals).toEqual([]);
      for (const message of state.messages) {
        if (message.role === 'user') expect(message.status).toBe('started');
        else expect(message).toMatchObject({ outcome: 'completed', openSteps: [] });
      }
      expect([isBusy(head), head.dueAt, head.queue, head.waiting]).toEqual([false, undefined, [], undefined]);
      expect(decide(head, { type: 'start', at: 8 })).toEqual({ type: 'nothing' });
      expect(checkTurns({ session: 's', owner: 'ada', entries })).toEqual([]);
    }),
  );
});

test('an answer belongs to the message right before it, and one without a message stands alone', () => {
  const past = [agent('0'), user('1'), user('2'), agent('3'), agent('4'), user('5')];
  const state = stateOf(past);
  expect(state.messages.map(({ role, message, turn }) => [role, message, turn])).toEqual([
    ['agent', 'past-1', 'past-turn-1'],
    ['user', 'past-2', 'past-turn-2'],
    ['user', 'past-3', 'past-turn-3'],
    ['agent', 'past-3', 'past-turn-3'],
    ['agent', 'past-5', 'past-turn-5'],
    ['user', 'past-6', 'past-turn-6'],
  ]);
  const unanswered = state.messages.at(-1);
  expect(unanswered).toMatchObject({ status: 'started', at: 7, after: state.last?.replace(/^\d+/, '18') });
});

test('calls that repeat a name in one message get names of their own, and values fit their events', () => {
  const { events } = create({
    ...creation,
    past: [agent(tool('c', 1), tool('c', 1, null), tool('c', 'x'.repeat(300_000)), tool('n'.repeat(300)))],
  });
  const state = foldEntries(emptyState('s'), toEntries(events));
  const [message] = state.messages;
  expect(message?.role === 'agent' && message.parts).toMatchObject([
    { call: 'c', input: 1, output: 'done' },
    { call: 'c~2', input: 1, output: null },
    { call: 'c~3', input: { truncated: true, length: 300_002 } },
    { call: 'n'.repeat(200) },
  ]);
});

test('long text is split, and a content that is too long for an event keeps its text alone', () => {
  const image = { type: 'image', media_type: 'image/png', data: 'A'.repeat(400_000) } as const;
  const small = { ...image, data: 'AAAA' };
  const { events } = create({
    ...creation,
    past: [user([{ type: 'text', text: 'Look' }, image]), user([small]), agent('x'.repeat(200_000))],
  });
  for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(300_000);
  const state = foldEntries(emptyState('s'), toEntries(events));
  expect(toPast(state)).toEqual([user('Look'), user([small]), agent('x'.repeat(200_000))]);
});

test("a sender's name that is too long for an event is left out", () => {
  const [name, long] = ['r'.repeat(200), 'r'.repeat(201)];
  const past = [name, long].map((ref): PastMessage => ({ role: 'user', content: 'x', ref, author: ref }));
  const state = foldEntries(emptyState('s'), toEntries(create({ ...creation, past }).events));
  expect(state.messages.map((each) => (each.role === 'user' ? [each.ref, each.author] : []))).toEqual([
    [name, name],
    [undefined, undefined],
  ]);
});

test('of a past that is too long, the newest messages are kept', () => {
  const numbers = Array.from({ length: 1_001 }, (_, index) => `${index}`);
  expect(toPast(stateOf(numbers.map(user)))).toEqual(numbers.slice(1).map(user));
  const long = ['a', 'b', 'c', 'd', 'e'].map((letter) => agent(letter.repeat(1_000_000)));
  expect(toPast(stateOf(long))).toEqual(long.slice(1));
  const many = [1, 2, 3].map((count) => agent(...Array.from({ length: 4_000 }, () => `${count}`)));
  expect(toPast(stateOf(many))).toEqual(many.slice(1));
  expect(stateOf([user('x'), agent('y'.repeat(5_000_000))]).messages).toEqual([]);
});

test('the title comes from the first message of a user in the past, or else from the first message', () => {
  const titleOf = (kind: 'session' | 'once', past: readonly PastMessage[]): unknown => {
    const { head } = create({ ...creation, kind, past });
    const names = { message: 'm', turn: 't' };
    const sent = decide(head, { type: 'message', ...names, content: 'now', onBusy: 'queue', at: 8 });
    return sent.type === 'append' ? sent.head.title : sent;
  };
  expect(titleOf('session', [agent('Hi'), user('first'), user('second')])).toBe('first');
  expect(titleOf('session', [agent('Hi')])).toBe('now');
  // A one-shot session takes its one message, whatever its past.
  expect(titleOf('once', [user('first')])).toBe('now');
});

test('an agent knows the past from its history, and the first message is answered', async () => {
  const heard: unknown[] = [];
  const { engine, store } = setUp(
    agentOf(async function* ({ history, input, snapshot }) {
      heard.push(
        history().map((each) => (each.role === 'user' ? each.content : each.parts)),
        input,
        snapshot,
      );
      yield 'and now';
    }),
  );
  const past = [user('then'), agent('so it was'), user('and?')];
  const message = {
    type: 'message',
    message: 'm',
    turn: 't',
    content: 'now',
    onBusy: 'queue',
    at: 8,
  } as const;
  const { entries } = await engine.create({ ...creation, past }, message, undefined);
  expect(entries.at(-1)?.event).toMatchObject({ type: 'message', message: 'm' });
  expect(entries.at(-1)?.event).not.toHaveProperty('queued');
  engine.kick('s');
  await settled(store, 's', 2);
  expect(heard).toMatchObject([
    ['then', [{ type: 'text', text: 'so it was' }], 'and?'],
    { type: 'message', content: 'now' },
    undefined,
  ]);
});
