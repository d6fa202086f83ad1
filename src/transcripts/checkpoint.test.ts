import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Head, Store } from '../log/index.ts';
import { anyEvent } from '../protocol/any-event.fixture.ts';
import { emptyState, foldEntries } from '../protocol/index.ts';
import type { SessionEvent, SessionState } from '../protocol/index.ts';
import { create, decide } from '../turns/decide.ts';
import type { Command } from '../turns/command.ts';
import { foldAll, head, session, toTurn } from './long-session.fixture.ts';
import { readTranscript } from './read-transcript.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import { findUnsettled } from './window.ts';
import type { Transcript } from './transcript.ts';

/** Small pages: a short log has many. */
const limits = { messages: 2, size: 400 };

/** Makes the kept checkpoint useless in one of the ways that a cache can be. */
async function spoil({ checkpoints }: Store, way: number): Promise<void> {
  const kept = await checkpoints.load(session, { last: Infinity });
  if (kept === undefined) return;
  const { tag, record, count } = kept;
  const ahead = record.replace(/"last":"\d+-/, '"last":"9999-');
  const other = record.replace(/"last":"(\d+)-\w+/, '"last":"$1-zzzzzz');
  const older = record
    .replace('"version":2', '"version":1')
    .replace(/"messages":\[.*\],"approvals"/, '"messages":[],"approvals"');
  const records = ['', older, record.slice(1), ahead, other, record];
  const pages = new Map(way === 5 && count > 0 ? [[count - 1, '[{}]']] : []);
  await checkpoints.save(session, { was: tag, tag: `${tag}!`, record: records[way] ?? record, count, pages });
}

/** One thing that happens between appends. */
const act = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: 'save' as const }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('read' as const), messages: fc.nat({ max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('spoil' as const), way: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('trim' as const), back: fc.nat({ max: 5 }) }) },
);
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** Does one thing. `held` is the transcript that a node works with. Returns the one that it has after that. */
async function perform(
  store: Store,
  one: Act,
  held: Transcript | undefined,
): Promise<Transcript | undefined> {
  if (one.type === 'spoil') {
    await spoil(store, one.way);
    return held;
  }
  if (one.type === 'trim') {
    const page = await store.log.read(session, undefined, Infinity);
    if (page.type !== 'page') throw new Error(page.type);
    const kept = page.entries.slice(0, Math.max(0, page.entries.length - one.back));
    const upTo = kept.at(-1)?.id;
    if (upTo !== undefined)
      await store.log.trim(session, upTo, foldEntries(page.base ?? emptyState(session), kept));
    return held;
  }
  const part = one.type === 'read' ? { messages: one.messages } : {};
  const whole = await foldAll(store);
  for (const earlier of [undefined, held]) {
    const found = await readTranscript(store, session, part, earlier);
    if (found === undefined) throw new Error('missing');
    expectPart(found.state, whole);
    if (earlier === held || one.type === 'read') held = found;
  }
  if (one.type === 'read' || held === undefined) return held;
  return (await saveCheckpoint(store.checkpoints, session, held, limits)) ?? undefined;
}

/** A state from a checkpoint is the state from the start, or ends with the same messages. */
function expectPart(state: SessionState, whole: SessionState): void {
  const { earlier, messages, ...rest } = state;
  const start = whole.messages.length - messages.length;
  if (earlier) expect(start).toBeGreaterThan(0);
  expect({ ...rest, messages }).toEqual({ ...whole, messages: whole.messages.slice(start) });
  expect(start).toBeLessThanOrEqual(findUnsettled(whole));
}

test('a state from a checkpoint and the entries after it is the state from the start, for any log', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(anyEvent, { maxLength: 12 }), act), { maxLength: 12 }),
      async (steps) => {
        const store = memoryStore();
        await store.log.append(session, [{ type: 'session_start', session }], {
          head: { was: 0, now: head },
        });
        let held: Transcript | undefined;
        for (const [events, one] of steps) {
          await store.log.append(session, events);
          // Windows are for the logs that an engine writes.
          held = await perform(store, one.type === 'read' ? { type: 'save' } : one, held);
        }
        const found = await readTranscript(store, session);
        expect(found?.state).toEqual(await foldAll(store));
      },
    ),
    { numRuns: 300 },
  );
});

/** The commands that an engine may get, with numbers in place of names. */
const order = fc.record({
  type: fc.constantFrom(
    'turn',
    'turn',
    'turn',
    'message',
    'start',
    'say',
    'end',
    'ask',
    'answer',
    'withdraw',
  ),
  which: fc.nat({ max: 30 }),
  replaces: fc.boolean(),
});

test('a window is the end of the whole state, and keeps what later entries change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(order, act), { minLength: 20, maxLength: 60 }), async (steps) => {
      const store = memoryStore();
      const first = create({ session, owner: 'ada', kind: 'session', at: 0 });
      await store.log.append(session, first.events, { head: { was: 0, now: first.head } });
      let held: Transcript | undefined;
      let count = 0;
      const orders = steps.flatMap(([{ type, ...rest }, one]) => {
        const types = type === 'turn' ? ['message', 'start', 'say', 'end'] : [type];
        return types.map((each, index) => ({
          ...rest,
          type: each,
          one: index === 3 || types.length === 1 ? one : undefined,
        }));
      });
      for (const { type, which, replaces, one } of orders) {
        count += 1;
        const { head: now, whole } = await look(store);
        const users = whole.messages.filter((each) => each.role === 'user' && each.status === 'started');
        const replaced = replaces ? users[which % (users.length || 1)]?.message : undefined;
        const { command, before } = toCommand(now, { type, which, name: `${count}`, replaced });
        const decision = command && decide(now, command, { maxQueue: 4 });
        if (decision?.type === 'append')
          await store.log.append(session, [...before, ...decision.events], {
            head: { was: now.version, now: decision.head },
          });
        else await store.log.append(session, command === undefined ? before : []);
        if (one !== undefined) held = await perform(store, one, held);
      }
      expectPart(
        (await readTranscript(store, session, { messages: 1 }))?.state ?? emptyState(''),
        await foldAll(store),
      );
    }),
    { numRuns: 100 },
  );
});

async function look(store: Store): Promise<{ readonly head: Head; readonly whole: SessionState }> {
  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page') throw new Error(page.type);
  return { head: page.head, whole: await foldAll(store) };
}

/** Returns the command of an order, and the events of the agent before it. */
function toCommand(
  { turn: open, waiting, queue }: Head,
  {
    type,
    which,
    name,
    replaced,
  }: {
    readonly type: string;
    readonly which: number;
    readonly name: string;
    readonly replaced: string | undefined;
  },
): { readonly command?: Command; readonly before: readonly SessionEvent[] } {
  const at = Number(name);
  const turn = open?.turn ?? '';
  switch (type) {
    case 'message':
      return {
        command: {
          type,
          at,
          message: `m${name}`,
          turn: `t${name}`,
          content: `say ${name}`,
          replaces: replaced,
          onBusy: which % 4 === 0 ? 'interrupt' : 'queue',
        },
        before: [],
      };
    case 'start':
      return { command: { type, at }, before: [] };
    case 'say':
      if (open === undefined) return { before: [] };
      return {
        before: [
          { type: 'content_start', turn, part: `p${name}` },
          { type: 'content', turn, part: `p${name}`, data: 'x'.repeat(which * 5) },
          { type: 'content_end', turn, part: `p${name}` },
        ],
      };
    case 'end':
      return { command: { type, at, turn, outcome: which % 2 ? 'completed' : 'failed' }, before: [] };
    case 'ask': {
      if (open === undefined) return { before: [] };
      const approvals = [`a${name}`, `b${name}`];
      const before = approvals.map((approval): SessionEvent => ({
        type: 'approval_request',
        turn,
        approval,
        reason: null,
      }));
      const asking = { approvals, next: `n${name}`, expiresAt: 1e9 };
      return { command: { type: 'end', at, turn, outcome: 'waiting', waiting: asking }, before };
    }
    case 'answer': {
      const left = waiting?.approvals.find(({ answered }) => !answered);
      return { command: { type, at, approval: left?.approval ?? '', decision: true }, before: [] };
    }
    case 'withdraw':
      return {
        command: { type, at, message: queue[which % (queue.length || 1)]?.message ?? '' },
        before: [],
      };
    default:
      return { command: { type: 'cancel', at }, before: [] };
  }
}

test('the size of a checkpoint is that of its pages, also when some were cut again', async () => {
  const store = memoryStore();
  await store.log.append(session, [{ type: 'session_start', session }], { head: { was: 0, now: head } });
  let held: Transcript | undefined;
  for (let turn = 0; turn < 12; turn += 1) {
    const replaces = turn === 9 ? { replaces: 'm6' } : undefined;
    await store.log.append(session, toTurn(turn, { text: 'words '.repeat(turn), ...replaces }));
    const found = await readTranscript(store, session, {}, held);
    held = found && (await saveCheckpoint(store.checkpoints, session, found, limits));
    const kept = await store.checkpoints.load(session, { last: Infinity });
    expect(held?.base?.size).toBe(kept?.pages.reduce((sum, page) => sum + page.length - 1, 0));
  }
  expect(held?.base?.count).toBe(8);
});

test('a window has the last turn even if it asks for no message, because a turn may go on from it', async () => {
  const store = memoryStore();
  await store.log.append(session, [{ type: 'session_start', session }], { head: { was: 0, now: head } });
  for (let turn = 0; turn < 8; turn += 1)
    await store.log.append(session, toTurn(turn, { text: 'words '.repeat(turn) }));
  await store.log.append(session, [
    { type: 'message', message: 'm8', turn: 't8', content: 'go on', at: 8 },
    { type: 'message', message: 'm9', turn: 't9', content: 'and then', at: 9 },
  ]);
  const whole = await readTranscript(store, session);
  if (whole !== undefined) await saveCheckpoint(store.checkpoints, session, whole, limits);
  const { state } = (await readTranscript(store, session, { messages: 0 })) ?? {};
  expect(state?.messages.map(({ message }) => message)).toEqual(['m7', 'm7', 'm8', 'm9']);
  expect(state?.earlier).toBe(true);
});
