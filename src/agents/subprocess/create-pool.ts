import { createFailure } from '../kit/index.ts';
import type { StartLine } from '../kit/index.ts';
import type { LaunchProcess } from './agent-process.ts';
import type { LineTalk } from './create-line-talk.ts';
import { createWorker } from './create-worker.ts';
import type { Worker, WorkerEnd } from './create-worker.ts';
import { toRest } from './process-times.ts';
import type { ProcessTimes } from './process-times.ts';

/** The processes of an agent. */
export interface ProcessPool {
  /** Starts all processes. Rejects with a sentence if one of them does not become ready. */
  start(): Promise<void>;
  /**
   * Starts a turn in the process that has the fewest. While all are full, it waits. Resolves with undefined if
   * the signal aborts before. Rejects with the failure `agent_lost` if no process can be started.
   */
  begin(start: StartLine, signal: AbortSignal): Promise<LineTalk | undefined>;
  /** Ends all processes. Resolves when the last one has ended. */
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly launch: LaunchProcess;
  readonly workers: number;
  readonly times: ProcessTimes;
  readonly log: (line: string) => void;
}

/** A turn that waits for a process. */
interface WaitingTurn {
  readonly start: StartLine;
  readonly signal: AbortSignal;
  readonly resolve: (talk: LineTalk | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const closed = 'The agent was closed.';

/** Creates a pool. Processes are started by `start()`, or by the first turn. */
export function createPool({ launch, workers: wanted, times, log }: PoolOptions): ProcessPool {
  const workers = new Map<Worker, PromiseWithResolvers<void>>();
  const waiting = new Set<WaitingTurn>();
  const rest: { crashes: number; timer?: ReturnType<typeof setTimeout> | undefined } = { crashes: 0 };
  /** Set by `close()`: resolved when the last process has ended. */
  let closing: PromiseWithResolvers<void> | undefined;

  const able = (): readonly Worker[] => [...workers.keys()].filter(({ isAble }) => isAble);
  const hire = (): void => {
    if (closing !== undefined || rest.timer !== undefined) return;
    for (let count = able().length; count < wanted; count++) {
      const ready = Promise.withResolvers<void>();
      // Only `start()` awaits it.
      ready.promise.catch(() => {});
      const worker = createWorker({
        launch,
        times,
        log,
        onRoom: () => {
          ready.resolve();
          offer();
        },
        onGone: (end) => onGone(worker, end),
      });
      workers.set(worker, ready);
    }
  };
  /** Gives waiting turns to workers that have room. */
  const offer = (): void => {
    for (const turn of waiting) {
      const [worker] = able()
        .filter(({ room }) => room > 0)
        .toSorted((left, right) => left.load - right.load);
      if (worker === undefined) return hire();
      waiting.delete(turn);
      turn.resolve(worker.begin(turn.start, turn.signal));
    }
  };
  const refuse = (cause: unknown): void => {
    for (const { reject } of waiting) reject(createFailure('agent_lost', cause));
    waiting.clear();
  };
  const onGone = (worker: Worker, { failure, wasReady, hasSpoken }: WorkerEnd): void => {
    const reason = failure ?? new Error(closed);
    workers.get(worker)?.reject(reason);
    workers.delete(worker);
    if (closing !== undefined) {
      if (workers.size === 0) closing.resolve();
      return;
    }
    if (failure !== undefined) {
      rest.crashes = hasSpoken ? 1 : rest.crashes + 1;
      clearTimeout(rest.timer);
      rest.timer = setTimeout(
        () => {
          rest.timer = undefined;
          offer();
        },
        toRest(rest.crashes, times),
      );
      if (!wasReady && able().length === 0) refuse(failure);
    } else offer();
  };

  return {
    async start() {
      hire();
      await Promise.all([...workers.values()].map(({ promise }) => promise));
    },
    begin(start, signal) {
      if (closing !== undefined) return Promise.reject(createFailure('agent_lost'));
      const { promise, resolve, reject } = Promise.withResolvers<LineTalk | undefined>();
      const turn = { start, signal, resolve, reject };
      waiting.add(turn);
      signal.addEventListener(
        'abort',
        () => {
          if (waiting.delete(turn)) resolve(undefined);
        },
        { once: true },
      );
      offer();
      return promise;
    },
    async close() {
      if (closing === undefined) {
        closing = Promise.withResolvers<void>();
        clearTimeout(rest.timer);
        refuse(new Error(closed));
        for (const worker of workers.keys()) worker.close();
        if (workers.size === 0) closing.resolve();
      }
      await closing.promise;
    },
  };
}
