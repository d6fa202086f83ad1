import { expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { NextHead } from '../log/index.ts';
import { agentOf, setUp, settled } from './engine.fixture.ts';
import { createRests } from './rests.ts';

const quick = agentOf(async function* () {
  yield 'quick';
});

/** A head with a turn that its node left open. */
const left: NextHead = {
  owner: 'ada',
  kind: 'session',
  createdAt: 0,
  activeAt: 0,
  queue: [],
  turn: { turn: 't', message: 'm', attempt: 1 },
  dueAt: 0,
};

test('sessions that cannot be read are reported once, rest, and delay no healthy session', async () => {
  const store = memoryStore();
  const damaged = Array.from({ length: 150 }, (_, index) => `damaged${index}`);
  for (const session of [...damaged, 'sound']) {
    const start = { type: 'message_start', turn: 't', message: 'm', attempt: 1, at: 0 } as const;
    const sent = { type: 'message', message: 'm', turn: 't', content: 'hi', at: 0 } as const;
    await store.log.append(session, [{ type: 'session_start', session }, sent, start], {
      head: { was: 0, now: left },
    });
  }
  const read: typeof store.log.read = async (session, after, limit) => {
    if (session.startsWith('damaged') && limit > 0) throw new Error(`${session} is damaged`);
    return store.log.read(session, after, limit);
  };
  const told: unknown[] = [];
  const { engine } = setUp(quick, {
    store: { ...store, log: { ...store.log, read } },
    dueMs: 10,
    onError: (_, { session }) => told.push(session),
  });
  await settled(store, 'sound', 1);
  await vi.waitFor(() => expect(engine.running).toBe(0));
  expect(told.toSorted()).toEqual(damaged.toSorted());
});

test('a session that fails again rests longer, and one that succeeds does not rest', () => {
  let now = 0;
  const rests = createRests(() => now);
  const restMs = (): number => {
    rests.fail('s');
    const start = now;
    while (rests.isResting('s')) now += 1_000;
    return now - start;
  };
  expect([restMs(), restMs(), restMs()]).toEqual([5_000, 10_000, 20_000]);
  for (let times = 0; times < 20; times += 1) rests.fail('s');
  expect(restMs()).toBe(600_000);
  rests.fail('s');
  rests.succeed('s');
  expect([rests.isResting('s'), rests.size]).toEqual([false, 0]);
});

test('a failing look for due work is reported once, and stays in `trouble` until a look succeeds', async () => {
  const store = memoryStore();
  let isBroken = true;
  let looks = 0;
  const due: typeof store.leases.due = async (limit) => {
    looks += 1;
    if (isBroken) throw new Error('no such parameter: ?1');
    return store.leases.due(limit);
  };
  const told: unknown[] = [];
  const { engine } = setUp(quick, {
    store: { ...store, leases: { ...store.leases, due } },
    dueMs: 5,
    onError: (error) => told.push(error),
  });
  await vi.waitFor(() => expect(looks).toBeGreaterThan(3));
  expect(engine.trouble).toMatchObject({ message: 'no such parameter: ?1' });
  expect(told).toMatchObject([{ message: expect.stringContaining('which turns are due') as string }]);
  isBroken = false;
  await vi.waitFor(() => expect(engine.trouble).toBeUndefined());
});
