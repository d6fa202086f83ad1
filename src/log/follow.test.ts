import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import type { Entry } from '../protocol/index.ts';
import { toNextHead, toContractText } from '../store/contract-check.ts';
import { follow } from './follow.ts';
import type { EventLog } from './log.ts';
import { memoryStore } from './memory.ts';

/** Wraps a log so that each step waits for the scheduler. So a test can try all interleavings. */
function slow(log: EventLog, scheduler: fc.Scheduler): EventLog {
  return {
    ...log,
    append: async (...args) => {
      await scheduler.schedule(Promise.resolve(), 'append starts');
      const answer = await log.append(...args);
      await scheduler.schedule(Promise.resolve(), 'append answers');
      return answer;
    },
    read: async (...args) => {
      await scheduler.schedule(Promise.resolve(), 'read starts');
      const page = await log.read(...args);
      await scheduler.schedule(Promise.resolve(), 'read answers');
      return page;
    },
    // A hint may be late.
    watch: (session, wake) =>
      log.watch(session, () => void scheduler.schedule(Promise.resolve(), 'hint').then(() => wake())),
  };
}

/** Returns what a follower sees while three writers append. Ends when it has seen all entries. */
async function race(
  log: EventLog,
  scheduler: fc.Scheduler,
  before: number,
  pageSize: number,
): Promise<readonly Entry[]> {
  const session = mint(22);
  await log.append(session, [], { head: { was: 0, now: toNextHead() } });
  for (let index = 0; index < before; index += 1)
    await log.append(session, [toContractText(`before ${index}`)]);

  const abort = new AbortController();
  const slowLog = slow(log, scheduler);
  const seen: Entry[] = [];
  const following = (async () => {
    for await (const page of follow(slowLog, session, { signal: abort.signal, pageSize })) {
      if (page.type === 'page') seen.push(...page.entries);
      if (seen.length >= before + 6) abort.abort();
    }
  })();
  const writers = ['a', 'b', 'c'].map(async (writer) => {
    await slowLog.append(session, [toContractText(`${writer} 1`)]);
    await slowLog.append(session, [toContractText(`${writer} 2`)]);
  });
  await scheduler.waitFor(Promise.all([following, ...writers]));
  const page = await log.read(session, undefined, 100);
  expect(page).toMatchObject({ type: 'page', entries: seen });
  return seen;
}

test('a follower sees every entry once and in order for any interleaving of reads, hints and appends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (scheduler, before, pageSize) => {
        const seen = await race(memoryStore().log, scheduler, before, pageSize);
        expect(seen.map(({ id }) => Number.parseInt(id, 10))).toEqual(seen.map((_, index) => index + 1));
        expect(seen).toHaveLength(before + 6);
      },
    ),
    { numRuns: 300 },
  );
});

test('a follower stops its watcher in every way it can end', async () => {
  const { log } = memoryStore();
  let watching = 0;
  const counted: EventLog = {
    ...log,
    watch: (session, wake) => {
      watching += 1;
      const stop = log.watch(session, wake);
      return () => {
        watching -= 1;
        stop();
      };
    },
  };
  await log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  const abort = new AbortController();
  const waiting = follow(counted, 's', { signal: abort.signal });
  await waiting.next();
  const next = waiting.next();
  const left = follow(counted, 's', { signal: abort.signal });
  await left.next();
  for await (const page of follow(counted, 'never', { signal: abort.signal }))
    expect(page.type).toBe('missing');
  expect(watching).toBe(2);
  await left.return();
  abort.abort();
  await next;
  expect(watching).toBe(0);
});

test('a follower survives an outage of its store and misses nothing', async () => {
  const { log } = memoryStore();
  let failing = 0;
  const shaky: EventLog = {
    ...log,
    read: (...args) => {
      failing -= 1;
      return failing >= 0 ? Promise.reject(new RefusalError('unavailable')) : log.read(...args);
    },
  };
  await log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  const abort = new AbortController();
  const pages = follow(shaky, 's', { signal: abort.signal });
  const texts: (string | undefined)[] = [];
  for (const failures of [1, 3]) {
    failing = failures;
    const next = pages.next();
    await log.append('s', [toContractText(`after ${failures}`)]);
    const { value } = await next;
    if (value?.type === 'page')
      texts.push(...value.entries.map(({ event }) => (event.type === 'content' ? event.data : undefined)));
  }
  expect(texts).toEqual(['a', 'after 1', 'after 3']);
  // An abort also ends the follow at once while it waits for its store.
  failing = Infinity;
  const stopped = pages.next();
  await log.append('s', [toContractText('unseen')]);
  abort.abort();
  expect(await stopped).toEqual({ done: true, value: undefined });
});

test('an error of the log itself ends a follower', async () => {
  const { log } = memoryStore();
  const damaged: EventLog = { ...log, read: () => Promise.reject(new Error('damaged')) };
  await expect(follow(damaged, 's', { signal: new AbortController().signal }).next()).rejects.toThrow(
    'damaged',
  );
});
