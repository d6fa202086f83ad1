import type { Worker } from 'node:worker_threads';
import { RefusalError } from '../protocol/index.ts';
import type { CallName, StoreCalls, StoreOutcome } from './calls.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { fromGroupReply, toSideBySide } from './side-by-side.ts';
import type { GroupReply, AnyCall } from './side-by-side.ts';

/** The store's end of the connection to its worker. */
export interface WorkerLink {
  /** Calls the worker. Rejects with a RefusalError `unavailable` or `storage_full`. */
  call<Name extends CallName>(
    name: Name,
    args: StoreCalls[Name]['args'],
  ): Promise<StoreCalls[Name]['result']>;
  /**
   * Starts or stops the reports of what other processes write. They begin after the row `since`, or after the
   * newest one when the worker starts to watch.
   */
  watch(on: boolean, since?: number): void;
  /** Waits for the calls made before, then ends the worker. */
  close(): Promise<void>;
}

interface Pending {
  readonly request: AnyCall;
  settle(outcome: StoreOutcome): void;
}

/** The most calls in a group. Further calls go into later groups, so that no call waits for a huge one. */
const groupSize = 1_000;

/** Creates the connection to a worker that has opened its file. */
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
    // One group at a time. Calls made while a commit runs go into the next group.
    if (running.length > 0 || lost !== undefined) return;
    if (waiting.length > 0) {
      running = waiting.splice(0, groupSize);
      tell({ type: 'group', ...toSideBySide(running.map(({ request }) => request)) });
    } else if (closed !== undefined) {
      tell({ type: 'close' });
    }
  };
  // Calls of one turn of the event loop go together, also those of several timers, because waking a thread
  // costs more than a call.
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
    watch: (on, since) => {
      if (lost === undefined && closed === undefined) tell({ type: 'watch', on, since });
    },
    close: () => {
      closed ??= exited;
      schedule();
      return closed;
    },
  };
}

/** Keeps the details in the cause, for the operator: clients receive the message of a refusal. */
function toError({ refused, reason }: Extract<StoreOutcome, { readonly refused: string }>): RefusalError {
  const error = new RefusalError(refused);
  error.cause = new Error(`SQLite: ${reason}`);
  return error;
}
