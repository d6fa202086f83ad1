import type { Job } from './follower.ts';

/** Starts a client on a job, and hands on what it says line by line. */
export type Start = (job: Job, onLine: (line: string) => void) => Promise<Running>;

interface Running {
  /** Resolves with the exit code where the client's own process ends before it is stopped. */
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}
