import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { defineAgent } from '../protocol/index.ts';
import type { Turn } from '../protocol/index.ts';
import { runAgent } from './run-agent.ts';
import type { RunOptions } from './run-agent.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An iterator whose steps a test answers by hand. */
function createSteps() {
  const steps: PromiseWithResolvers<IteratorResult<string>>[] = [];
  let isLeft = false;
  return {
    steps,
    isLeft: () => isLeft,
    events: {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const step = Promise.withResolvers<IteratorResult<string>>();
          steps.push(step);
          return step.promise;
        },
        return: async () => {
          isLeft = true;
          return { done: true, value: undefined } as const;
        },
      }),
    },
  };
}

function createTurn(signal: AbortSignal): Turn {
  return {
    turn: 't',
    attempt: 1,
    input: { type: 'message', content: 'go' },
    signal,
    history: () => [],
    save: () => {},
  };
}

function start(events: AsyncIterable<string>, options: Partial<RunOptions> = {}) {
  const stop = new AbortController();
  const said: unknown[] = [];
  const ended = runAgent({
    agent: defineAgent({ open: () => () => events }),
    session: { session: 's', owner: 'ada' },
    turn: createTurn(stop.signal),
    drainMs: 100,
    say: (event) => void said.push(event),
    onBroken: () => {},
    ...options,
  });
  return { stop, said, ended };
}

const later = () => vi.advanceTimersByTimeAsync(0);

test('an agent is pulled again in the same step if nothing has to wait', async () => {
  const { steps, events } = createSteps();
  const { said, ended } = start(events);
  steps[0]?.resolve({ done: false, value: 'a' });
  await Promise.resolve();
  await Promise.resolve();
  expect([said, steps.length]).toEqual([['a'], 2]);
  steps[1]?.resolve({ done: true, value: undefined });
  await ended;
});

test('an agent is not pulled while what it said waits for room', async () => {
  const { steps, events } = createSteps();
  const room = Promise.withResolvers<void>();
  const { ended } = start(events, { say: () => room.promise });
  steps[0]?.resolve({ done: false, value: 'a' });
  await later();
  expect(steps).toHaveLength(1);
  room.resolve();
  await later();
  steps[1]?.resolve({ done: true, value: undefined });
  await ended;
});

test('a stopped agent that stays silent is left after its time, and a late error of it is dropped', async () => {
  const { steps, events, isLeft } = createSteps();
  const { stop, said, ended } = start(events);
  await later();
  stop.abort();
  await vi.advanceTimersByTimeAsync(99);
  expect(isLeft()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await ended;
  expect(isLeft()).toBe(true);
  steps[0]?.reject(new Error('late'));
  await later();
  expect(said).toEqual([]);
});

test('what was said before the deadline is waited for after it, and then the agent is left', async () => {
  const { steps, events, isLeft } = createSteps();
  const room = Promise.withResolvers<void>();
  const { stop, ended } = start(events, { say: () => room.promise });
  let isEnded = false;
  void ended.then(() => (isEnded = true));
  steps[0]?.resolve({ done: false, value: 'a' });
  await later();
  stop.abort();
  await vi.advanceTimersByTimeAsync(200);
  expect([isEnded, isLeft()]).toEqual([false, false]);
  room.resolve();
  await ended;
  expect([isLeft(), steps.length]).toEqual([true, 1]);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
])('if `say` %s, the agent is left and the run rejects', async (_, say) => {
  const { steps, events, isLeft } = createSteps();
  let broken = 0;
  const { ended } = start(events, { say, onBroken: () => (broken += 1) });
  const failed = expect(ended).rejects.toThrow('broken');
  steps[0]?.resolve({ done: false, value: 'a' });
  await failed;
  expect([broken, isLeft()]).toEqual([1, true]);
});

test('the first event is asked for at once, so a promise that rejects has its reader', async () => {
  vi.useRealTimers();
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const stop = new AbortController();
  stop.abort();
  const agent = defineAgent(async () => Promise.reject(new Error('broken')));
  const turn = createTurn(stop.signal);
  await expect(start(createSteps().events, { agent, turn }).ended).rejects.toThrow('broken');
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});
