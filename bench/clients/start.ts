import type { Job } from './follower.ts';

/** Starts a client on a job. Calls `onLine` with each line that the client writes. */
export type Start = (job: Job, onLine: (line: string) => void) => Promise<Running>;

interface Running {
  /** Resolves with the exit code if the client's process ends before it is stopped. */
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}
