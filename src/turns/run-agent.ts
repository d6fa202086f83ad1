import { giveWay, nextLoopTurn } from '../log/internal.ts';
import { describe, has } from '../protocol/internal.ts';
import type { Agent, OpenSession, Turn } from '../protocol/index.ts';

export interface RunOptions {
  readonly agent: Agent;
  readonly session: OpenSession;
  readonly turn: Turn;
  /** How long a stopped agent may take to end, in milliseconds. After that it is abandoned. */
  readonly drainMs: number;
  /** Called with each event, in order. If it returns a promise, the agent waits until it resolves. */
  readonly say: (event: unknown) => Promise<void> | undefined;
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
  let saying: Promise<void> | undefined;

  // A token costs the promise of the agent and no other, unless `say` has to wait.
  const pull = async (): Promise<void> => {
    while (!deadline.hasPassed) {
      const { done, value } = await events.next();
      if (done === true || deadline.hasPassed) return;
      try {
        saying = say(value);
        if (saying !== undefined) await saying;
      } catch (error) {
        onBroken();
        leave(events);
        throw error;
      }
      // An agent that never waits would block the event loop. After a stop, it would also block the timer of
      // the deadline. The first event is pulled at once: a promise that rejects must not wait for its reader.
      const pause = deadline.isRunning ? nextLoopTurn() : giveWay();
      if (pause !== undefined) await pause;
    }
  };

  try {
    await Promise.race([pull(), deadline.passed]);
    await saying;
    if (deadline.hasPassed) leave(events);
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

/** The time that an agent has left after its turn was stopped. */
interface Deadline {
  /** Whether the turn was stopped. */
  isRunning: boolean;
  hasPassed: boolean;
  /** Resolves when the time is over. */
  readonly passed: Promise<void>;
  stop(): void;
}

/** Starts a deadline of `ms` milliseconds when the signal aborts. */
function createDeadline(signal: AbortSignal, ms: number): Deadline {
  const { promise: passed, resolve } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onAbort = (): void => {
    deadline.isRunning = true;
    timer ??= setTimeout(() => {
      deadline.hasPassed = true;
      resolve();
    }, ms);
  };
  const deadline: Deadline = {
    isRunning: false,
    hasPassed: false,
    passed,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return deadline;
}
