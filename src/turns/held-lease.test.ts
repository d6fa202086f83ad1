import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Head, Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { RefusalCode, SessionEvent } from '../protocol/index.ts';
import { eventsOf } from './engine.fixture.ts';
import { LeaseLostError } from './held-lease.ts';
import { claimSession, queueMessage } from './lease.fixture.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const word: SessionEvent = { type: 'content', turn: 't', part: 'p1', data: 'word' };

/** Returns an attempt that is refused `times` times, and how often it was made. */
function refusing(code: RefusalCode, times: number) {
  let made = 0;
  const attempt = async (): Promise<string> => {
    made += 1;
    if (made <= times) throw new RefusalError(code);
    return 'done';
  };
  return { attempt, made: () => made };
}

async function headOf({ log }: Store, session: string): Promise<Head> {
  const page = await log.read(session, undefined, 0);
  if (page.type !== 'page') throw new Error('The session is missing.');
  return page.head;
}

test('a lease is lost when its renewal is refused', async () => {
  const { store, fence, hold } = await claimSession({ ttlMs: 9_000 });
  await store.leases.release(fence);
  expect(hold.lost.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(hold.lost.aborted).toBe(true);
});

test('a lease that cannot be renewed is ours until its time is over', async () => {
  const store = memoryStore();
  const { hold } = await claimSession({ store, ttlMs: 9_000 });
  await vi.advanceTimersByTimeAsync(3_000);
  vi.spyOn(store.leases, 'renew').mockRejectedValue(new RefusalError('unavailable'));
  await vi.advanceTimersByTimeAsync(9_000);
  expect(hold.lost.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(hold.lost.aborted).toBe(true);
});

test('an append resolves with its entries', async () => {
  const { hold } = await claimSession();
  const entries = await hold.append([word, { ...word, data: 'next' }]);
  expect(entries.map(({ event }) => event)).toEqual([word, { ...word, data: 'next' }]);
});

test('a lease is not renewed after it is closed', async () => {
  const { store, hold } = await claimSession();
  const renew = vi.spyOn(store.leases, 'renew');
  await hold.close();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(renew).not.toHaveBeenCalled();
});

test('another node gets a lease at once when it is closed, even if work waits', async () => {
  const { store, session, hold } = await claimSession();
  expect(await store.leases.claim(session, 'another', 10_000)).toBeUndefined();
  await hold.close();
  expect(await store.leases.claim(session, 'another', 10_000)).toBeDefined();
});

test('a lease closes although its store is out of reach', async () => {
  const { store, hold } = await claimSession();
  vi.spyOn(store.leases, 'release').mockRejectedValue(new RefusalError('unavailable'));
  await expect(hold.close()).resolves.toBeUndefined();
});

test.each(['unavailable', 'storage_full'] as const)(
  'what a store refuses with %s is tried again',
  async (code) => {
    const { hold } = await claimSession();
    const { attempt, made } = refusing(code, 3);
    const done = hold.insist(attempt);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(made()).toBe(4);
    expect(await done).toBe('done');
  },
);

test('an attempt is made at least once a second', async () => {
  const { hold } = await claimSession();
  const { attempt, made } = refusing('unavailable', 20);
  const done = hold.insist(attempt);
  await vi.advanceTimersByTimeAsync(10_000);
  const before = made();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(made()).toBe(before + 1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await done).toBe('done');
});

test('attempts leave no listeners behind', async () => {
  const { hold, leave } = await claimSession();
  const { attempt } = refusing('unavailable', 3);
  const done = hold.insist(attempt);
  await vi.advanceTimersByTimeAsync(1_000);
  await done;
  expect(getEventListeners(leave.signal, 'abort')).toEqual([]);
  expect(getEventListeners(hold.lost, 'abort')).toEqual([]);
});

test('what a store refuses for good is not tried again', async () => {
  const { hold } = await claimSession();
  const { attempt, made } = refusing('not_found', 1);
  await expect(hold.insist(attempt)).rejects.toMatchObject({ code: 'not_found' });
  expect(made()).toBe(1);
});

test('nothing is tried again when the node must leave', async () => {
  const { hold, leave } = await claimSession();
  const { attempt, made } = refusing('storage_full', 1);
  leave.abort();
  const failed = hold.insist(attempt).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(made()).toBe(1);
  expect(await failed).toMatchObject({ code: 'storage_full' });
});

test('a node that must leave tries once more at once, and gives up', async () => {
  const { hold, leave } = await claimSession();
  const { attempt, made } = refusing('unavailable', 100);
  const failed = hold.insist(attempt).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(0);
  expect(made()).toBe(1);
  leave.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(made()).toBe(2);
  expect(await failed).toMatchObject({ code: 'unavailable' });
  // Only the renewal is left.
  expect(vi.getTimerCount()).toBe(1);
});

test('nothing is tried under a lease that is lost', async () => {
  const { store, fence, hold } = await claimSession({ ttlMs: 9_000 });
  const { attempt, made } = refusing('unavailable', Infinity);
  const failed = hold.insist(attempt).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(2_900);
  await store.leases.release(fence);
  const before = made();
  await vi.advanceTimersByTimeAsync(100);
  expect(await failed).toBeInstanceOf(LeaseLostError);
  expect(made()).toBe(before);
  await expect(hold.insist(attempt)).rejects.toBeInstanceOf(LeaseLostError);
  expect(made()).toBe(before);
});

test('an append whose answer was lost is made again, and is written once', async () => {
  const store = memoryStore();
  const { append } = store.log;
  const { session, hold } = await claimSession({ store });
  vi.spyOn(store.log, 'append').mockImplementationOnce(async (...args) => {
    await append(...args);
    throw new RefusalError('unavailable');
  });
  const appended = hold.append([word]);
  await vi.advanceTimersByTimeAsync(1_000);
  await appended;
  await hold.append([{ ...word, data: 'next' }]);
  const words = (await eventsOf(store, session)).filter(({ type }) => type === 'content');
  expect(words).toMatchObject([{ data: 'word' }, { data: 'next' }]);
});

test('a command is decided again if another append came between', async () => {
  const store = memoryStore();
  const { read } = store.log;
  const { session, hold } = await claimSession({ store, content: 'first' });
  vi.spyOn(store.log, 'read').mockImplementationOnce(async (...args) => {
    const page = await read(...args);
    await queueMessage(store, session, 'second');
    return page;
  });
  const before: SessionEvent = { type: 'discard', turn: 't', parts: [] };
  expect(await hold.command({ type: 'start', at: 2 }, [before])).toBe(true);
  const types = (await eventsOf(store, session)).map(({ type }) => type);
  expect(types).toEqual(['session_start', 'message', 'message', 'discard', 'message_start']);
  expect(await headOf(store, session)).toMatchObject({ turn: { attempt: 1 }, queue: [{}] });
});

test('a command that finds nothing to do writes nothing', async () => {
  const { store, session, hold } = await claimSession();
  expect(await hold.command({ type: 'restart', at: 2 }, [word])).toBe(false);
  expect((await eventsOf(store, session)).map(({ type }) => type)).toEqual(['session_start', 'message']);
});

/** Takes a session away from its node. */
const losses: readonly [string, (store: Store, session: string, pass: () => void) => Promise<void>][] = [
  [
    'another node has claimed the session',
    async ({ leases }, session, pass) => {
      pass();
      expect(await leases.claim(session, 'another', 10_000)).toBeDefined();
    },
  ],
  ['the session was dropped', ({ log }, session) => log.drop(session)],
];

test.each(losses)('nothing is written and the lease is lost once %s', async (_, lose) => {
  let now = 1_000;
  const store = memoryStore({ now: () => now });
  const { session, hold } = await claimSession({ store });
  await lose(store, session, () => (now += 60_000));
  expect(hold.lost.aborted).toBe(false);
  await expect(hold.append([word])).rejects.toBeInstanceOf(LeaseLostError);
  expect(hold.lost.aborted).toBe(true);
  expect(await eventsOf(store, session)).not.toContainEqual(word);
});

test.each(losses)('a command is refused once %s', async (_, lose) => {
  let now = 1_000;
  const store = memoryStore({ now: () => now });
  const { session, hold } = await claimSession({ store });
  await lose(store, session, () => (now += 60_000));
  await expect(hold.command({ type: 'start', at: 2 })).rejects.toBeInstanceOf(LeaseLostError);
});

test('a release gives the lease back only if the head has not moved on', async () => {
  const { store, session, hold } = await claimSession();
  const { version } = await headOf(store, session);
  await queueMessage(store, session, 'more');
  expect(await hold.release(version)).toBe(false);
  expect(hold.lost.aborted).toBe(false);
  expect(await hold.release(version + 1)).toBe(true);
  expect(await store.leases.claim(session, 'another', 10_000)).toBeDefined();
});

test('a refused release tells that another node has the lease', async () => {
  const { store, session, fence, hold } = await claimSession();
  const { version } = await headOf(store, session);
  await store.leases.release(fence);
  expect(await hold.release(version)).toBe(false);
  expect(hold.lost.aborted).toBe(true);
});
