import { createFailure } from '../kit/index.ts';
import { toRest } from './process-times.ts';
import type { ProcessTimes } from './process-times.ts';

/** A process of an agent, as its pool sees it. */
export interface PooledWorker {
  /** How many more turns it may take now. */
  readonly room: number;
  /** How many turns it works on. */
  readonly load: number;
  /** Whether it is ready, or may become so. */
  readonly isAble: boolean;
  /** Ends the process. Open turns fail. */
  close(): void;
}

/** How a worker ended. */
export interface WorkerEnd {
  /** Absent if it ended as it should. */
  readonly failure?: Error;
  /** Whether the process was ever ready. */
  readonly wasReady: boolean;
  /** Whether the process ever said something in a turn. */
  readonly hasSpoken: boolean;
}

/** The events that a worker reports to its pool. */
export interface PoolEvents {
  /** Called when there is room for a turn. */
  readonly onRoom: () => void;
  /** Called once. */
  readonly onGone: (end: WorkerEnd) => void;
}

/** The processes of an agent. */
export interface ProcessPool<Worker extends PooledWorker> {
  /**
   * Starts all processes. If one of them does not become ready, it ends all, and rejects with a sentence.
   */
  start(): Promise<void>;
  /**
   * Calls `use` with the process that has the fewest turns. It must give the process a turn at once. While
   * all are full, it waits. Resolves with undefined if the signal aborts before. Rejects with the failure
   * `agent_lost` if no process can be started.
   */
  begin<Talk>(use: (worker: Worker) => Talk, signal: AbortSignal): Promise<Talk | undefined>;
  /** Ends all processes. Resolves when the last one has ended. */
  close(): Promise<void>;
}

export interface PoolOptions<Worker extends PooledWorker> {
  /** Starts a process. It calls no event before it returns. */
  readonly hire: (events: PoolEvents) => Worker;
  readonly workers: number;
  readonly times: ProcessTimes;
}

/** A turn that waits for a process. */
interface WaitingTurn<Worker> {
  readonly begin: (worker: Worker) => void;
  readonly reject: (error: unknown) => void;
}

const closed = 'The agent was closed.';

/** Creates a pool. Processes are started by `start()`, or by the first turn. */
export function createPool<Worker extends PooledWorker>(options: PoolOptions<Worker>): ProcessPool<Worker> {
  const { hire, workers: wanted, times } = options;
  const workers = new Map<Worker, PromiseWithResolvers<void>>();
  const waiting = new Set<WaitingTurn<Worker>>();
  const rest: { crashes: number; timer?: ReturnType<typeof setTimeout> | undefined } = { crashes: 0 };
  /** Set by `close()`: resolved when the last process has ended. */
  let closing: PromiseWithResolvers<void> | undefined;

  const able = (): readonly Worker[] => [...workers.keys()].filter(({ isAble }) => isAble);
  const fill = (): void => {
    if (closing !== undefined || rest.timer !== undefined) return;
    for (let count = able().length; count < wanted; count++) {
      const ready = Promise.withResolvers<void>();
      // Only `start()` awaits it.
      ready.promise.catch(() => {});
      const worker = hire({
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
      if (worker === undefined) return fill();
      waiting.delete(turn);
      turn.begin(worker);
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

  const close = async (): Promise<void> => {
    if (closing === undefined) {
      closing = Promise.withResolvers<void>();
      clearTimeout(rest.timer);
      refuse(new Error(closed));
      for (const worker of workers.keys()) worker.close();
      if (workers.size === 0) closing.resolve();
    }
    await closing.promise;
  };

  return {
    async start() {
      fill();
      try {
        await Promise.all([...workers.values()].map(({ promise }) => promise));
      } catch (error) {
        await close();
        throw error;
      }
    },
    begin<Talk>(use: (worker: Worker) => Talk, signal: AbortSignal): Promise<Talk | undefined> {
      if (closing !== undefined) return Promise.reject<Talk | undefined>(createFailure('agent_lost'));
      const { promise, resolve, reject } = Promise.withResolvers<Talk | undefined>();
      const turn = { begin: (worker: Worker) => resolve(use(worker)), reject };
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
    close,
  };
}
