import { expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Agent, SessionEvent } from '../protocol/index.ts';
import { agentOf, asked, eventsOf, stateOf } from './engine.fixture.ts';
import { LeaseLostError } from './held-lease.ts';
import { claimSession, queueMessage } from './lease.fixture.ts';
import type { Claimed } from './lease.fixture.ts';
import { own } from './own.ts';
import type { Retention } from './retain.ts';
import { createTranscripts } from '../transcripts/index.ts';
import { submit } from './submit.ts';

const echo = agentOf(async function* (turn) {
  yield `re ${asked(turn)}`;
});

/** Works on a session until nothing is left to do. Resolves with how many turns were taken over. */
async function workOff(
  { store, session, hold, leave }: Claimed,
  options: { readonly agent?: Agent; readonly retention?: Retention; readonly stopping?: AbortSignal } = {},
): Promise<number> {
  let takenOver = 0;
  await own({
    store,
    transcripts: createTranscripts({ store, onError: () => {} }),
    session,
    hold,
    agent: echo,
    gatherMs: 0,
    onError: () => {},
    leave: leave.signal,
    stopping: new AbortController().signal,
    onTakenOver: () => {
      takenOver += 1;
    },
    ...options,
  });
  return takenOver;
}

/** Opens the turn of the message that waits, as a node does that dies. Returns the turn's name. */
async function openTurn({ store, session, hold }: Claimed): Promise<string> {
  await hold.command({ type: 'start', at: 2 });
  const { turn } = await stateOf(store, session);
  return turn ?? '';
}

function isFree({ store, session }: Claimed): Promise<boolean> {
  return store.leases.claim(session, 'another', 10_000).then((fence) => fence !== undefined);
}

function endsOf(events: readonly SessionEvent[]): readonly SessionEvent[] {
  return events.filter(({ type }) => type === 'message_end');
}

test('the lease is given back when nothing is left to do', async () => {
  const claimed = await claimSession();
  expect(await workOff(claimed)).toBe(0);
  expect(endsOf(await eventsOf(claimed.store, claimed.session))).toHaveLength(1);
  expect(await isFree(claimed)).toBe(true);
});

test('a message that comes at the release of the lease is answered before it', async () => {
  const claimed = await claimSession({ content: 'first' });
  const { store, session } = claimed;
  const { release } = store.leases;
  const spy = vi.spyOn(store.leases, 'release').mockImplementationOnce(async (...args) => {
    await queueMessage(store, session, 'second');
    return release(...args);
  });
  await workOff(claimed);
  const texts = (await eventsOf(store, session)).flatMap((event) =>
    event.type === 'content' ? [event.data] : [],
  );
  expect(texts).toEqual(['re first', 're second']);
  expect(spy).toHaveBeenCalledTimes(2);
  expect(await isFree(claimed)).toBe(true);
});

test('an owner stops when its lease is lost between two turns', async () => {
  let now = 1_000;
  const store = memoryStore({ now: () => now });
  const claimed = await claimSession({ store });
  const { session } = claimed;
  const { release } = store.leases;
  vi.spyOn(store.leases, 'release').mockImplementationOnce(async (...args) => {
    now += 60_000;
    await store.leases.claim(session, 'another', 10_000);
    return release(...args);
  });
  await expect(workOff(claimed)).rejects.toBeInstanceOf(LeaseLostError);
  await queueMessage(store, session, 'more');
  expect(await isFree(claimed)).toBe(false);
});

test('a turn that is started again counts once as taken over', async () => {
  const claimed = await claimSession();
  await openTurn(claimed);
  expect(await workOff(claimed)).toBe(1);
  const { messages } = await stateOf(claimed.store, claimed.session);
  expect(messages[1]).toMatchObject({ attempt: 2, outcome: 'completed' });
});

test('a turn that cannot start again counts as taken over, and ends failed', async () => {
  const claimed = await claimSession();
  const turn = await openTurn(claimed);
  const call = { turn, call: 'c', tool: 'pay' };
  await claimed.hold.append([
    { type: 'tool_use_start', ...call },
    { type: 'tool_use', ...call, input: 1 },
  ]);
  expect(await workOff(claimed)).toBe(1);
  const events = await eventsOf(claimed.store, claimed.session);
  expect(events.slice(-2)).toMatchObject([
    { type: 'tool_result', call: 'c', status: 'cancelled' },
    { type: 'message_end', outcome: 'failed', error: { code: 'interrupted' } },
  ]);
});

test('a turn that was cancelled before its takeover ends cancelled, without an error', async () => {
  const claimed = await claimSession();
  const { store, session } = claimed;
  const turn = await openTurn(claimed);
  await submit(store.log, session, { type: 'cancel', at: 3 }, { owner: 'ada' });
  expect(await workOff(claimed)).toBe(1);
  expect(endsOf(await eventsOf(store, session))).toEqual([
    { type: 'message_end', turn, outcome: 'cancelled' },
  ]);
});

test('a turn that is cancelled during its takeover does not run again, and counts once', async () => {
  const claimed = await claimSession();
  const { store, session } = claimed;
  const turn = await openTurn(claimed);
  const { read } = store.log;
  const cancel = { type: 'cancel', at: 3 } as const;
  // The first read of the log finds a turn that may start again.
  vi.spyOn(store.log, 'read').mockImplementationOnce(async (...args) => {
    const page = await read(...args);
    await submit({ ...store.log, read }, session, cancel, { owner: 'ada' });
    return page;
  });
  let runs = 0;
  const agent = agentOf(async function* () {
    runs += 1;
    yield 'again';
  });
  expect(await workOff(claimed, { agent })).toBe(1);
  expect(runs).toBe(0);
  const events = await eventsOf(store, session);
  expect(endsOf(events)).toEqual([{ type: 'message_end', turn, outcome: 'cancelled' }]);
});

test('a log is not trimmed if its turn stays open', async () => {
  const claimed = await claimSession();
  const { store, session, leave } = claimed;
  const agent = agentOf(async function* () {
    leave.abort();
    yield 'more';
  });
  await workOff(claimed, { agent, retention: { entries: 1 }, stopping: leave.signal });
  expect(await store.log.read(session, undefined, 1)).not.toHaveProperty('base');
});

test('a log is trimmed when its turn has ended, unless it is a one-shot log', async () => {
  for (const kind of ['session', 'once'] as const) {
    const claimed = await claimSession({ kind });
    await workOff(claimed, { retention: { entries: 1 } });
    const page = await claimed.store.log.read(claimed.session, undefined, 1);
    expect('base' in page).toBe(kind === 'session');
  }
});

test('a node does not read again what it wrote itself', async () => {
  const claimed = await claimSession();
  const { store, session } = claimed;
  const talks = agentOf(async function* () {
    for (let word = 0; word < 50; word += 1) yield { type: 'custom', name: 'step', data: word };
  });
  const read = vi.spyOn(store.log, 'read');
  await workOff(claimed, { agent: talks });
  const pages = await Promise.all(read.mock.results.map(({ value }) => value));
  const entries = pages.flatMap((page) => (page.type === 'page' ? page.entries : []));
  expect((await eventsOf(store, session)).length).toBeGreaterThan(50);
  // Entries after another node's are read: the message may have been lost by the store meanwhile.
  expect(entries.map(({ event }) => event.type)).toEqual(['session_start', 'message', 'message_start']);
});

test('a message that the store lost after it was read is not in the conversation', async () => {
  const claimed = await claimSession({ content: 'kept' });
  const { store, session } = claimed;
  const { read } = store.log;
  // A failover: the message that was read is gone, and another one stands at its place.
  vi.spyOn(store.log, 'read').mockImplementationOnce(async (...args) => {
    const page = await read(...args);
    if (page.type !== 'page') return page;
    const lost = { type: 'message', message: 'lost', turn: 'lost', content: 'lost', at: 1 } as const;
    const entries = page.entries.map((entry) =>
      entry.event.type === 'message' ? { ...entry, id: '2-zzzzzz', event: lost } : entry,
    );
    return { ...page, entries };
  });
  await workOff(claimed);
  expect((await eventsOf(store, session)).filter(({ type }) => type === 'content')).toMatchObject([
    { data: 're kept' },
  ]);
});
