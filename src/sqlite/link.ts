import type { Worker } from 'node:worker_threads';
import { RefusalError } from '../protocol/index.ts';
import type { CallName, Calls, Outcome } from './calls.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { fromAnswered, toSideBySide } from './side-by-side.ts';
import type { Answered, Sent } from './side-by-side.ts';

/** The store's end of the line to its worker. */
export interface Link {
  /** Rejects with a RefusalError `unavailable` or `storage_full`. */
  call<Name extends CallName>(name: Name, args: Calls[Name]['args']): Promise<Calls[Name]['result']>;
  /** Asks to be told, or not any more, what other processes write. */
  watch(on: boolean): void;
  /** Lets the calls made before come to their end, then ends the worker. */
  close(): Promise<void>;
}

interface Pending {
  readonly request: Sent;
  settle(outcome: Outcome): void;
}

/** More calls than these wait for the group after the next: nobody should wait for a crowd. */
const groupSize = 1_000;

/** Creates the line to a worker that has opened its file. */
export function createLink(worker: Worker, onChanged: (sessions: readonly string[]) => void): Link {
  const tell = (message: ToWorker<Sent>): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    worker.postMessage(message);
  };
  const waiting: Pending[] = [];
  let running: readonly Pending[] = [];
  let isScheduled = false;
  let closed: Promise<void> | undefined;
  let lost: Extract<Outcome, { readonly refused: string }> | undefined;

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

  const settle = (answered: Answered): void => {
    const settled = running;
    running = [];
    flush();
    const outcomes = fromAnswered(answered);
    settled.forEach((pending, index) => pending.settle(outcomes[index] ?? lose('an answer is missing')));
  };

  const lose = (reason: string): Outcome => {
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
    call: <Name extends CallName>(name: Name, args: Calls[Name]['args']) =>
      new Promise<Calls[Name]['result']>((resolve, reject) => {
        if (lost !== undefined || closed !== undefined) {
          reject(toError(lost ?? { refused: 'unavailable', reason: 'the store is closed' }));
          return;
        }
        waiting.push({
          request: { name, args },
          settle(outcome: Outcome<Calls[Name]['result']>) {
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
function toError({ refused, reason }: Extract<Outcome, { readonly refused: string }>): RefusalError {
  const error = new RefusalError(refused);
  error.cause = new Error(`SQLite: ${reason}`);
  return error;
}
