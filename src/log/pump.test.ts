import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toContractText, toNextHead, toTexts } from '../store/contract-check.ts';
import type { Entry } from '../protocol/index.ts';
import type { EventLog, Wake } from './log.ts';
import { memoryStore } from './memory.ts';
import { createPump } from './pump.ts';

const quiet = () => new Promise((resolve) => setTimeout(resolve, 2));

/** Starts a pump at the end of a log of two entries. The test gives the hints, and counts the reads. */
async function setUp() {
  const { log } = memoryStore();
  await log.append('s', [toContractText('0'), toContractText('1')], { head: { was: 0, now: toNextHead() } });
  const page = await log.read('s', undefined, 9);
  const after = page.type === 'page' ? page.entries.at(-1)?.id : undefined;
  const seen: Entry[] = [];
  const failures: unknown[] = [];
  let reads = 0;
  let wake: Wake = () => {};
  const watched: EventLog = {
    ...log,
    read: (...args) => {
      reads += 1;
      return log.read(...args);
    },
    watch: (_, given) => {
      wake = given;
      return () => {};
    },
  };
  const take = (entries: readonly Entry[]): void => {
    if (toTexts(entries).includes('bad')) throw new Error('cannot be projected');
    seen.push(...entries);
  };
  const pump = createPump(watched, 's', {
    after,
    take: (taken) => {
      if (taken.type === 'page') take(taken.entries);
    },
    takeHinted: take,
    fail: (error) => failures.push(error),
  });
  await quiet();
  reads = 0;
  return {
    pump,
    failures,
    hint: (entries?: readonly Entry[]) => wake(1, entries),
    reads: () => reads,
    texts: () => toTexts(seen),
    async append(...texts: string[]): Promise<readonly Entry[]> {
      const answer = await log.append('s', texts.map(toContractText));
      return answer.type === 'appended' ? answer.entries : [];
    },
  };
}

test('entries that come with a hint and are the next ones are taken without a read', async () => {
  const { append, hint, reads, texts } = await setUp();
  hint(await append('2', '3'));
  await quiet();
  hint(await append('4'));
  await quiet();
  expect([texts(), reads()]).toEqual([['2', '3', '4'], 0]);
});

test('a hint that is repeated brings nothing twice', async () => {
  const { append, hint, texts } = await setUp();
  const two = await append('2');
  hint(two);
  hint(two);
  await quiet();
  hint(two);
  await quiet();
  expect(texts()).toEqual(['2']);
});

test('after a hint that was lost, the next one makes the pump read', async () => {
  const { append, hint, reads, texts } = await setUp();
  await append('2');
  hint(await append('3'));
  await quiet();
  expect([texts(), reads()]).toEqual([['2', '3'], 1]);
});

test('hints in the wrong order bring the entries in order', async () => {
  const { append, hint, texts } = await setUp();
  const [two, three, four] = [await append('2'), await append('3'), await append('4')];
  for (const entries of [four, two, three]) hint(entries);
  await quiet();
  expect(texts()).toEqual(['2', '3', '4']);
});

test('a hint that is early or late, or has no entries, makes the pump read', async () => {
  const { append, hint, reads, texts } = await setUp();
  hint();
  hint([]);
  await quiet();
  expect([texts(), reads() > 0]).toEqual([[], true]);
  const two = await append('2');
  hint();
  await quiet();
  hint(two);
  await quiet();
  expect(texts()).toEqual(['2']);
});

test('entries with a gap between them are read from the log', async () => {
  const { append, hint, texts } = await setUp();
  const [two, , four] = [await append('2'), await append('3'), await append('4')];
  hint([...two, ...four]);
  await quiet();
  expect(texts()).toEqual(['2', '3', '4']);
});

test('a hint that comes during a read brings nothing twice, and nothing before its time', async () => {
  const { append, hint, texts } = await setUp();
  await append('2');
  hint();
  hint(await append('3'));
  hint(await append('4'));
  await quiet();
  expect(texts()).toEqual(['2', '3', '4']);
});

test('entries of hints come before those of a read that begins in the same moment', async () => {
  const { append, hint, pump, texts } = await setUp();
  const two = await append('2');
  await append('3');
  hint(two);
  await pump.caughtUp();
  expect(texts()).toEqual(['2', '3']);
});

test('a stopped pump passes on nothing of its hints', async () => {
  const { append, hint, pump, texts } = await setUp();
  hint(await append('2'));
  pump.stop();
  await quiet();
  hint(await append('3'));
  await quiet();
  expect(texts()).toEqual([]);
});

test('an error of the taker ends the pump', async () => {
  const { append, hint, failures, texts } = await setUp();
  hint(await append('bad'));
  await quiet();
  hint(await append('3'));
  await quiet();
  expect([failures, texts()]).toEqual([[new Error('cannot be projected')], []]);
});

/** How a hint goes wrong. */
const fault = fc.constantFrom('none', 'lost', 'bare', 'twice', 'late', 'partial' as const);

test('any mix of lost, late, repeated, partial and bare hints brings each entry once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.record({ fault, count: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 12 }),
      async (scheduler, steps) => {
        const { log } = memoryStore();
        await log.append('s', [toContractText('first')], { head: { was: 0, now: toNextHead() } });
        const late = (what: string): Promise<void> => scheduler.schedule(Promise.resolve(), what);
        let wake: Wake = () => {};
        const seen: Entry[] = [];
        const pump = createPump(
          {
            ...log,
            read: async (session, after, limit) => {
              await late('read starts');
              const page = await log.read(session, after, Math.min(limit, 2));
              await late('read answers');
              return page;
            },
            watch: (_, given) => {
              wake = given;
              return () => {};
            },
          },
          's',
          {
            take: (page) => {
              if (page.type === 'page') seen.push(...page.entries);
            },
            takeHinted: (entries) => seen.push(...entries),
            fail: (error) => {
              throw error;
            },
          },
        );
        const perform = async (): Promise<void> => {
          for (const { fault: wrong, count } of steps) {
            const answer = await log.append(
              's',
              Array.from({ length: count }, () => toContractText('x')),
            );
            const entries = answer.type === 'appended' ? answer.entries : [];
            const hint = (): void => wake(1, wrong === 'partial' ? entries.slice(1) : entries);
            if (wrong === 'bare') wake(1);
            else if (wrong === 'late') void late('hint').then(hint);
            else if (wrong !== 'lost') hint();
            if (wrong === 'twice') hint();
            await late('append');
          }
          // The last hint of all is not lost: a store finds out by itself.
          wake();
          await pump.caughtUp();
        };
        await scheduler.waitFor(perform());
        await scheduler.waitFor(pump.caughtUp());
        const page = await log.read('s', undefined, 100);
        expect(page).toMatchObject({ type: 'page', entries: seen });
        pump.stop();
      },
    ),
    { numRuns: 300 },
  );
});
