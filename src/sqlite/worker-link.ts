import type { Worker } from 'node:worker_threads';
import { RefusalError } from '../protocol/index.ts';
import type { CallName, StoreCalls, StoreOutcome } from './calls.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { fromGroupReply, toSideBySide } from './side-by-side.ts';
import type { GroupReply, AnyCall } from './side-by-side.ts';

/** The store's end of the line to its worker. */
export interface WorkerLink {
  /** Rejects with a RefusalError `unavailable` or `storage_full`. */
  call<Name extends CallName>(
    name: Name,
    args: StoreCalls[Name]['args'],
  ): Promise<StoreCalls[Name]['result']>;
  /** Asks to be told, or not any more, what other processes write. */
  watch(on: boolean): void;
  /** Lets the calls made before come to their end, then ends the worker. */
  close(): Promise<void>;
}

interface Pending {
  readonly request: AnyCall;
  settle(outcome: StoreOutcome): void;
}

/** More calls than these wait for the group after the next: nobody should wait for a crowd. */
const groupSize = 1_000;

/** Creates the line to a worker that has opened its file. */
export function createWorkerLink(
  worker: Worker,
  onChanged: (sessions: readonly string[]) => void,
): WorkerLink {
  const tell = (message: ToWorker<AnyCall>): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    worker.postMessage(message);
  };
  const waiting: Pending[] = [];
  let running: readonly Pending[] = [];
  let isScheduled = false;
  let closed: Promise<void> | undefined;
  let lost: Extract<StoreOutcome, { readonly refused: string }> | undefined;

  const flush = (): void => {
    isScheduled = false;
    // One group at a time: what is called while a commit runs becomes the next group.
    if (running.length > 0 || lost !== undefined) return;
    if (waiting.length > 0) {
      running = waiting.splice(0, groupSize);
      tell({ type: 'group', ...toSideBySide(running.map(({ request }) => request)) });
    } else if (closed !== undefined) {
      tell({ type: 'close' });
    }
  };
  // Calls of one turn of the event loop go together, also those of several timers: to wake a thread costs more than a call.
  const schedule = (): void => {
    if (!isScheduled) setImmediate(flush);
    isScheduled = true;
  };

  const settle = (answered: GroupReply): void => {
    const settled = running;
    running = [];
    flush();
    const outcomes = fromGroupReply(answered);
    settled.forEach((pending, index) => pending.settle(outcomes[index] ?? lose('an answer is missing')));
  };

  const lose = (reason: string): StoreOutcome => {
    lost ??= { refused: 'unavailable', reason };
    for (const pending of [...running, ...waiting.splice(0)]) pending.settle(lost);
    running = [];
    return lost;
  };

  const exited = new Promise<void>((resolve) => {
    worker.on('error', (error) => lose(`the worker failed: ${error.message}`));
    worker.on('exit', (code) => {
      lose(`the worker ended with code ${code}`);
      resolve();
    });
  });
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'outcomes') settle(message);
    if (message.type === 'changed') onChanged(message.sessions);
  });

  return {
    call: <Name extends CallName>(name: Name, args: StoreCalls[Name]['args']) =>
      new Promise<StoreCalls[Name]['result']>((resolve, reject) => {
        if (lost !== undefined || closed !== undefined) {
          reject(toError(lost ?? { refused: 'unavailable', reason: 'the store is closed' }));
          return;
        }
        waiting.push({
          request: { name, args },
          settle(outcome: StoreOutcome<StoreCalls[Name]['result']>) {
            if ('value' in outcome) resolve(outcome.value);
            else reject(toError(outcome));
          },
        });
        schedule();
      }),
    watch: (on) => {
      if (lost === undefined && closed === undefined) tell({ type: 'watch', on });
    },
    close: () => {
      closed ??= exited;
      schedule();
      return closed;
    },
  };
}

/** What goes wrong in here is for the operator, as the cause: the words of a refusal are sent to clients. */
function toError({ refused, reason }: Extract<StoreOutcome, { readonly refused: string }>): RefusalError {
  const error = new RefusalError(refused);
  error.cause = new Error(`SQLite: ${reason}`);
  return error;
}
