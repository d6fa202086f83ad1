// A cancel races the end of its turn, with the steps of the store in every order.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryStore } from '../../src/log/index.ts';
import type { EventLog, Store } from '../../src/log/index.ts';
import { createEngine } from '../../src/turns/index.ts';
import { check, createHistory, readFinalLog } from '../../src/testing/index.ts';

/** A store whose appends and reads wait for the scheduler. */
function slow(store: Store, scheduler: fc.Scheduler): Store {
  const log: EventLog = {
    ...store.log,
    append: async (...args) => {
      await scheduler.schedule(Promise.resolve(), 'append starts');
      const answer = await store.log.append(...args);
      await scheduler.schedule(Promise.resolve(), 'append answers');
      return answer;
    },
    read: async (...args) => {
      await scheduler.schedule(Promise.resolve(), 'read starts');
      const page = await store.log.read(...args);
      await scheduler.schedule(Promise.resolve(), 'read answers');
      return page;
    },
  };
  return { ...store, log };
}

test('a cancel that races the end gives one terminal event, and its response is true, in every order', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 3 }), async (scheduler, words) => {
      const store = memoryStore();
      const engine = createEngine({
        store: slow(store, scheduler),
        agent: {
          open: () =>
            async function* () {
              for (let word = 0; word < words; word += 1) yield `word ${word} `;
            },
        },
        gatherMs: 0,
        dueMs: 60_000,
        cancelMs: 20,
      });
      const at = Date.now();
      const message = {
        type: 'message',
        message: 'm',
        turn: 't',
        content: 'hi',
        onBusy: 'queue',
        at,
      } as const;
      const creation = { session: 's', owner: 'ann', kind: 'session', at } as const;
      const ended = new Promise<void>((resolve) => {
        const look = async (): Promise<void> => {
          const log = await readFinalLog(store.log, 's');
          if (log?.entries.some(({ event }) => event.type === 'message_end')) resolve();
        };
        store.log.watch('s', () => void look());
      });
      const race = async (): Promise<void> => {
        await engine.create(creation, message, undefined);
        engine.kick('s');
        await engine.submit('s', { type: 'cancel', at }, { owner: 'ann' });
        await ended;
        await engine.close(0);
      };
      await scheduler.waitFor(race());

      const log = await readFinalLog(store.log, 's');
      if (log === undefined) throw new Error('The log is gone.');
      const history = createHistory();
      history.log(log);
      expect(check(history.toHistory())).toEqual([]);
      const types = log.entries.map(({ event }) => event.type);
      const ends = log.entries.flatMap(({ event }) => (event.type === 'message_end' ? [event.outcome] : []));
      // If the log has a `cancel_request`, the turn must end as cancelled.
      expect(ends).toEqual([types.includes('cancel_request') ? 'cancelled' : 'completed']);
      seen.add(ends.join());
    }),
    { numRuns: 200 },
  );
  // Twin: both outcomes occurred.
  expect([...seen].toSorted()).toEqual(['cancelled', 'completed']);
}, 60_000);
