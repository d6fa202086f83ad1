import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StartLine } from '../kit/index.ts';
import type { LineTalk } from './create-line-talk.ts';
import { createFakeLaunch } from '../process/fake-process.fixture.ts';
import { createPool, processTimes as times } from '../process/index.ts';
import { createWorker } from './create-worker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ready = { type: 'ready', version: 1, turns: 2 };

function setUp(workers = 1) {
  const { launch, started } = createFakeLaunch();
  const pool = createPool({
    hire: (events) => createWorker({ launch, times, log: () => {}, ...events }),
    workers,
    times,
  });
  const begin = (turn: string, signal = new AbortController().signal): Promise<LineTalk | undefined> =>
    pool.begin((worker) => worker.begin(startOf(turn), signal), signal);
  return { pool, started, begin };
}

function startOf(turn: string): StartLine {
  return {
    type: 'start',
    version: 1,
    turn,
    attempt: 1,
    session: 's',
    owner: 'ada',
    thread: 's.t',
    prompt: 'Hi',
    input: { type: 'message', content: 'Hi' },
    messages: [],
    history: [],
  };
}

function turnsOf(got: readonly unknown[]): readonly string[] {
  return got.flatMap((line) => (line instanceof Object && 'turn' in line ? [String(line.turn)] : []));
}

test('turns wait for room, and go to the process that has the fewest', async () => {
  const { begin, started } = setUp(2);
  const turns = ['a', 'b', 'c', 'd', 'e'].map((name) => begin(name));
  expect(started).toHaveLength(2);
  started[0]?.say(ready);
  expect(turnsOf(started[0]?.got ?? [])).toEqual(['a.1', 'b.1']);
  started[1]?.say(ready);
  expect(turnsOf(started[1]?.got ?? [])).toEqual(['c.1', 'd.1']);
  started[1]?.say({ type: 'end', turn: 'c.1' });
  expect(turnsOf(started[1]?.got ?? [])).toEqual(['c.1', 'd.1', 'e.1']);
  await Promise.all(turns);
});

test('a turn that is cancelled while it waits is not started', async () => {
  const { begin, started } = setUp();
  const stop = new AbortController();
  const turn = begin('a', stop.signal);
  stop.abort();
  expect(await turn).toBeUndefined();
  started[0]?.say(ready);
  expect(started[0]?.got).toEqual([]);
});

test('crashes are followed by longer and longer rests, counted anew after a word', async () => {
  const { begin, started } = setUp();
  /** Crashes, and returns the seconds until the next start. */
  const crash = async (spoken: boolean): Promise<number> => {
    const turn = begin('a');
    turn.catch(() => {});
    const now = started.at(-1);
    now?.say(ready);
    if (spoken) now?.say({ type: 'content', data: 'Hi', turn: 'a.1' });
    now?.die();
    const next = begin('b');
    next.catch(() => {});
    const count = started.length;
    const from = Date.now();
    while (started.length === count) await vi.advanceTimersByTimeAsync(100);
    return (Date.now() - from) / 1_000;
  };
  const rests: number[] = [];
  for (const spoken of [false, false, false, false, false, false, false, false, true, false])
    rests.push(await crash(spoken));
  expect(rests).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 0.5, 1]);
});

test('open turns of a crashed process fail with its last lines as the cause; those that wait go on', async () => {
  const { begin, started } = setUp();
  const [first, second, third] = [begin('a'), begin('b'), begin('c')];
  started[0]?.say(ready);
  started[0]?.print('Traceback\nMemoryError\n');
  started[0]?.die('was ended by SIGKILL');
  const cause = expect.objectContaining({
    message: 'The process of the agent was ended by SIGKILL.\nTraceback\nMemoryError',
  });
  for (const talk of [await first, await second])
    await expect(drain(talk)).rejects.toMatchObject({ code: 'agent_lost', cause });
  await vi.advanceTimersByTimeAsync(500);
  started[1]?.say(ready);
  started[1]?.say({ type: 'end', turn: 'c.1' });
  expect(await drain(await third)).toEqual(['end']);
});

test('if no process becomes ready, the turns that wait fail', async () => {
  const { begin, started } = setUp();
  const turn = begin('a');
  started[0]?.die('cannot start: there is no command nothing');
  await expect(turn).rejects.toMatchObject({
    code: 'agent_lost',
    cause: { message: 'The process of the agent cannot start: there is no command nothing.' },
  });
});

test('a cancelled turn that does not end spoils its process, and a new one takes its place', async () => {
  const { begin, started } = setUp();
  const stop = new AbortController();
  const [stuck, other] = [begin('a', stop.signal), begin('b')];
  started[0]?.say(ready);
  const talk = await stuck;
  await other;
  stop.abort();
  expect(started[0]?.got.at(-1)).toEqual({ type: 'cancel', turn: 'a.1' });
  await vi.advanceTimersByTimeAsync(times.cancelMs);
  expect(await drain(talk)).toEqual([]);
  void begin('c');
  expect(started).toHaveLength(2);
  started[1]?.say(ready);
  expect(turnsOf(started[1]?.got ?? [])).toEqual(['c.1']);
  expect(started[0]?.got).not.toContain('end');
  started[0]?.say({ type: 'end', turn: 'b.1' });
  await vi.advanceTimersByTimeAsync(times.endMs + times.killMs);
  expect(started[0]?.got.slice(-3)).toEqual(['end', 'SIGTERM', 'SIGKILL']);
  started[0]?.die('was ended by SIGKILL');
  void begin('d');
  expect(turnsOf(started[1]?.got ?? [])).toEqual(['c.1', 'd.1']);
});

test('a talk that is left is cancelled, and what comes later is dropped', async () => {
  const { begin, started } = setUp();
  const turn = begin('a');
  started[0]?.say(ready);
  const talk = await turn;
  started[0]?.say({ type: 'content', data: 'Hi', turn: 'a.1' });
  talk?.leave();
  expect(started[0]?.got.at(-1)).toEqual({ type: 'cancel', turn: 'a.1' });
  for (let count = 0; count < 20_000; count++) started[0]?.say({ type: 'content', data: 'Hi', turn: 'a.1' });
  expect(started[0]?.got).not.toContain('pause');
});

test('above 10,000 waiting events the output is paused, and resumed at half of it', async () => {
  const { begin, started } = setUp();
  const turn = begin('a');
  started[0]?.say(ready);
  const talk = await turn;
  const say = (): void => started[0]?.say({ type: 'content', data: 'Hi', turn: 'a.1' });
  for (let count = 0; count < 10_000; count++) say();
  expect(started[0]?.got).not.toContain('pause');
  say();
  expect(started[0]?.got.at(-1)).toBe('pause');
  for (let count = 0; count < 5_000; count++) talk?.took();
  expect(started[0]?.got.at(-1)).toBe('pause');
  talk?.took();
  expect(started[0]?.got.at(-1)).toBe('resume');
});

test.each([
  ['speaks version 2 of the lines', { type: 'ready', version: 2 }],
  ['was not ready within 60 s', undefined],
])('a process that %s does not start', async (reason, line) => {
  const { pool, started } = setUp();
  const start = pool.start();
  const failed = expect(start).rejects.toThrow(`The process of the agent ${reason}.`);
  if (line) started[0]?.say(line);
  else await vi.advanceTimersByTimeAsync(times.readyMs);
  expect(started[0]?.got).toEqual(['end']);
  started[0]?.die();
  await failed;
});

test('closing ends all processes, and refuses turns', async () => {
  const { pool, started, begin } = setUp(2);
  const start = pool.start();
  for (const each of started) each.say(ready);
  await start;
  const closed = pool.close();
  expect(started.map(({ got }) => got)).toEqual([['end'], ['end']]);
  for (const each of started) each.die('ended with code 0');
  await closed;
  await pool.close();
  await expect(begin('a')).rejects.toMatchObject({ code: 'agent_lost' });
});

async function drain(talk: LineTalk | undefined): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const { type } of talk?.lines ?? []) types.push(type);
  return types;
}
