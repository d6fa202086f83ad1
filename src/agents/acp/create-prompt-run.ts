import { createQueue } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { BackPressure } from '../process/index.ts';
import type { RpcRequest } from './create-rpc.ts';
import type { PermissionOutcome } from './permission.ts';

/** One prompt of an agent. It may go on over several turns, while permission requests are open. */
export interface PromptRun {
  /** Resolves with the next thing that the agent says; undefined if there is no more. Rejects if it fails. */
  next(): Promise<RunItem | undefined>;
  /** How many things wait. */
  readonly waiting: number;
  /** Lets the agent wait for an answer, while no turn listens. At most for `holdMs`: then the prompt is cancelled. */
  hold(): void;
  /** Listens again. Returns false if the prompt is over, or was cancelled. */
  resume(): boolean;
  /** Cancels the prompt. Open permission requests are answered `cancelled`. Nothing more is told. */
  cancel(): void;
  /** Resolves when the prompt is over. `stuck`: it did not end in time after its cancel. */
  readonly over: Promise<RunEnd>;
}

type RunEnd = 'ended' | 'stuck' | 'lost' | 'failed';

/** A thing that an agent says in a prompt. */
type RunItem =
  | { readonly type: 'update'; readonly update: unknown }
  | { readonly type: 'permission'; readonly permission: OpenPermission }
  | { readonly type: 'result'; readonly result: unknown };

/** A permission request that waits for its answer. */
export interface OpenPermission {
  readonly params: Fields;
  /** Answers the request. Later answers are dropped. */
  answer(outcome: PermissionOutcome): void;
}

/** The same, as its process sees it. */
export interface WorkerRun extends PromptRun {
  hear(update: unknown): void;
  ask(request: RpcRequest): void;
  /** Ends the prompt with its result. */
  end(result: unknown): void;
  /** Ends the prompt with an error: of the agent, or because its process is lost. */
  fail(error: unknown, how: 'lost' | 'failed'): void;
}

export interface PromptRunOptions {
  readonly pressure: BackPressure;
  readonly cancelMs: number;
  readonly holdMs: number;
  /** Tells the agent to cancel. */
  readonly onCancel: () => void;
  readonly onOver: (how: RunEnd) => void;
}

/** The number of things that an agent may say while its prompt waits for an answer. */
const mostHeld = 10_000;

/** Creates a run. Its prompt was sent already. */
export function createPromptRun(options: PromptRunOptions): WorkerRun {
  const { pressure, cancelMs, holdMs, onCancel, onOver } = options;
  const queue = createQueue<RunItem>();
  const items = queue[Symbol.asyncIterator]();
  const open = new Set<OpenPermission>();
  const { promise: over, resolve } = Promise.withResolvers<RunEnd>();
  const life: {
    phase: 'heard' | 'held' | 'cancelled' | 'over';
    /** Whether what waits counts against the process. */
    isCounted: boolean;
    timer?: ReturnType<typeof setTimeout>;
  } = { phase: 'heard', isCounted: true };

  const count = (isCounted: boolean): void => {
    if (life.isCounted === isCounted) return;
    life.isCounted = isCounted;
    if (isCounted) pressure.came(queue.size);
    else pressure.went(queue.size);
  };
  const push = (item: RunItem): void => {
    if (life.phase === 'held' && queue.size >= mostHeld) return cancel();
    if (life.phase !== 'heard' && life.phase !== 'held') return;
    queue.push(item);
    if (life.isCounted) pressure.came(1);
  };
  const finish = (how: RunEnd): void => {
    if (life.phase === 'over') return;
    clearTimeout(life.timer);
    life.phase = 'over';
    onOver(how);
    resolve(how);
  };
  const cancel = (): void => {
    count(false);
    if (life.phase === 'cancelled' || life.phase === 'over') return;
    clearTimeout(life.timer);
    life.phase = 'cancelled';
    queue.end();
    onCancel();
    for (const { answer } of open) answer({ outcome: 'cancelled' });
    life.timer = setTimeout(() => finish('stuck'), cancelMs);
  };

  return {
    over,
    async next() {
      const { value, done } = await items.next();
      if (done === true) return undefined;
      if (life.isCounted) pressure.went(1);
      return value;
    },
    get waiting() {
      return queue.size;
    },
    hold() {
      if (life.phase !== 'heard') return;
      life.phase = 'held';
      count(false);
      life.timer = setTimeout(cancel, holdMs).unref();
    },
    resume() {
      if (life.phase !== 'held') return false;
      clearTimeout(life.timer);
      life.phase = 'heard';
      count(true);
      return true;
    },
    cancel,
    hear: (update) => push({ type: 'update', update }),
    ask({ params, reply }) {
      const permission: OpenPermission = {
        params,
        answer(outcome) {
          if (open.delete(permission)) reply({ outcome });
        },
      };
      open.add(permission);
      if (life.phase === 'cancelled') permission.answer({ outcome: 'cancelled' });
      else push({ type: 'permission', permission });
    },
    end(result) {
      push({ type: 'result', result });
      queue.end();
      finish('ended');
    },
    fail(error, how) {
      queue.fail(error);
      finish(how);
    },
  };
}
