/** How long the checks take and wait, in milliseconds. Tests use shorter times. */
export interface DoctorPace {
  /** The gap between the frames of a stream. */
  readonly gapMs: number;
  /** The same for the check of blocks. */
  readonly blockGapMs: number;
  /** How long the first byte of an answer may take. */
  readonly answerMs: number;
  /** How long the server may take to notice that a reader has left. */
  readonly leaveMs: number;
  /** How long 20 streams may take to open. */
  readonly manyMs: number;
  /** After this time no check goes on. */
  readonly totalMs: number;
  /** The silences of `--long`. */
  readonly silencesMs: readonly number[];
  /** How long a stream of any server is watched. */
  readonly watchMs: number;
}

export const standardPace: DoctorPace = {
  gapMs: 100,
  blockGapMs: 30,
  answerMs: 5_000,
  leaveMs: 5_000,
  manyMs: 2_500,
  totalMs: 15_000,
  silencesMs: [12_000, 25_000, 45_000, 70_000, 130_000, 310_000],
  watchMs: 10_000,
};
