import { giveWay, nextLoopTurn } from '../log/internal.ts';
import { describe, has } from '../protocol/internal.ts';
import type { Agent, OpenSession, Turn } from '../protocol/index.ts';

export interface RunOptions {
  readonly agent: Agent;
  readonly session: OpenSession;
  readonly turn: Turn;
  /** How long a stopped agent may take to end, in milliseconds. After that it is abandoned. */
  readonly drainMs: number;
  /** Called with each event, in order. The agent waits until it resolves. */
  readonly say: (event: unknown) => Promise<void>;
  /** Called if `say` fails, before the agent is left. It aborts the turn's signal. */
  readonly onBroken: () => void;
}

/**
 * Pulls an agent to its end. Resolves when the agent has ended by itself, or when it was stopped and has
 * ended or used up its time. Rejects with the error that the agent threw. An agent is still pulled after a
 * stop, because one that is left in mid-loop may hold locks for ever.
 */
export async function runAgent({ agent, session, turn, drainMs, say, onBroken }: RunOptions): Promise<void> {
  const events = toIterator(agent.open(session)(turn));
  const deadline = createDeadline(turn.signal, drainMs);
  try {
    for (;;) {
      // An agent that never waits would block the event loop. After a stop, it would also block the timer of
      // the deadline.
      const pause = turn.signal.aborted ? nextLoopTurn() : giveWay();
      if (pause !== undefined) await pause;
      const next = await deadline.bound(Promise.resolve(events.next()));
      if (next === undefined) {
        leave(events);
        return;
      }
      if (next.done) return;
      try {
        await say(next.value);
      } catch (error) {
        onBroken();
        leave(events);
        throw error;
      }
    }
  } finally {
    deadline.stop();
  }
}

/**
 * Returns the iterator of an agent's events. Throws a TypeError that describes what the agent returned
 * instead.
 */
function toIterator(events: AsyncIterable<unknown> | undefined): AsyncIterator<unknown> {
  if (has(events, Symbol.asyncIterator) && events !== undefined) return events[Symbol.asyncIterator]();
  throw new TypeError(`open(session)(turn) gave ${describe(events)}. It gives an async iterable of events.`);
}

/**
 * Lets an agent clean up. The call is not awaited, because a generator that waits in an `await` cannot
 * return.
 */
function leave(events: AsyncIterator<unknown>): void {
  void (async () => events.return?.())().catch(() => {});
}

/**
 * Bounds waits to `ms` milliseconds after the signal aborts. (Promise.race with one long-lived promise would
 * keep the result of every wait until the end.)
 */
function createDeadline(
  signal: AbortSignal,
  ms: number,
): { bound<T>(wait: Promise<T>): Promise<T | undefined>; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let passed = false;
  let onPassed = (): void => {};
  const onAbort = (): void => {
    timer ??= setTimeout(() => {
      passed = true;
      onPassed();
    }, ms);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    bound: (wait) =>
      new Promise((resolve, reject) => {
        onPassed = () => resolve(undefined);
        if (passed) onPassed();
        wait.then(resolve, reject);
      }),
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
