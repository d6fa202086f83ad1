/** The times of processes, in milliseconds. */
export interface ProcessTimes {
  /** How long a process may take until it is ready. */
  readonly readyMs: number;
  /** How long a cancelled turn may take to end. Less than the engine's 5 s, so that the adapter decides first. */
  readonly cancelMs: number;
  /** How long a process may take to end after its input has ended. */
  readonly endMs: number;
  /** How long a process may take to end after SIGTERM. */
  readonly killMs: number;
  /** How long output may take to arrive after its process has ended. */
  readonly flushMs: number;
  /** The time between a crash and the next start. It doubles with each crash, up to the longest. */
  readonly restMs: number;
  readonly longestRestMs: number;
}

export const processTimes: ProcessTimes = {
  readyMs: 60_000,
  cancelMs: 3_000,
  endMs: 500,
  killMs: 2_000,
  flushMs: 1_000,
  restMs: 500,
  longestRestMs: 30_000,
};

/** Returns the time before the next start, after so many crashes in a row. */
export function toRest(crashes: number, { restMs, longestRestMs }: ProcessTimes): number {
  return Math.min(restMs * 2 ** (crashes - 1), longestRestMs);
}
