import { giveWay, nextLoopTurn } from '../log/internal.ts';
import { describe, has } from '../protocol/internal.ts';
import type { Agent, OpenSession, Turn } from '../protocol/index.ts';

export interface RunOptions {
  readonly agent: Agent;
  readonly session: OpenSession;
  readonly turn: Turn;
  /** How long a stopped agent may take to come to its end, in milliseconds; then it is left behind. */
  readonly drainMs: number;
  /** Called with each event, in order; the agent waits for it. */
  readonly say: (event: unknown) => Promise<void>;
  /** Called where `say` fails, before the agent is left: it aborts the turn's signal. */
  readonly onBroken: () => void;
}

/**
 * Pulls an agent to its end. Resolves when it ended by itself, or when it was stopped and has ended or used up its time;
 * rejects with what it threw. An agent is always pulled on after a stop: one that is left in mid-loop may hold locks for ever.
 */
export async function runAgent({ agent, session, turn, drainMs, say, onBroken }: RunOptions): Promise<void> {
  const events = toIterator(agent.open(session)(turn));
  const deadline = createDeadline(turn.signal, drainMs);
  try {
    for (;;) {
      // An agent that never waits would keep the event loop to itself, and after a stop the deadline from passing.
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

/** Throws a TypeError that says what the agent gave instead. */
function toIterator(events: AsyncIterable<unknown> | undefined): AsyncIterator<unknown> {
  if (has(events, Symbol.asyncIterator) && events !== undefined) return events[Symbol.asyncIterator]();
  throw new TypeError(`open(session)(turn) gave ${describe(events)}. It gives an async iterable of events.`);
}

/** Lets an agent clean up. Not awaited: a generator that is parked in an await cannot be returned from. */
function leave(events: AsyncIterator<unknown>): void {
  void (async () => events.return?.())().catch(() => {});
}

/** Bounds waits to `ms` after the signal aborted. (Promise.race with one long-lived promise would hold every wait's result until the end.) */
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
