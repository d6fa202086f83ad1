import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { measure } from 'mitata';

setFlagsFromString('--expose-gc');
const collect: (options: { readonly type: 'minor' }) => void = runInNewContext('gc');

/** A function that is measured. */
export interface WireContestant {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** The times of one contestant in nanoseconds, one for each round. */
export type Times = readonly number[];

/**
 * Measures all contestants in turns of a few milliseconds, round by round, so that other work on the machine
 * affects all of them alike. Only times of the same round can be compared. The first rounds warm up.
 */
export async function measureInTurns(
  contestants: readonly WireContestant[],
  rounds: number,
): Promise<ReadonlyMap<string, Times>> {
  const times = new Map(contestants.map(({ name }) => [name, new Array<number>()]));
  for (let round = -4; round < rounds; round++) {
    for (const { name, run } of contestants) {
      // A contestant must not pay for the garbage of the one before.
      collect({ type: 'minor' });
      const { p50 } = await measure(run, {
        min_cpu_time: 4_000_000,
        min_samples: 1,
        warmup_samples: 1,
        warmup_threshold: 0,
        batch_threshold: 0,
        // Without --expose-gc, mitata collects garbage by an allocation of 1 GiB.
        gc: false,
      });
      if (round >= 0) times.get(name)?.push(p50);
    }
  }
  return times;
}

/**
 * Returns the median of how many times as long one contestant took as another, round by round. Returns
 * undefined if one was not measured.
 */
export function medianRatio(slower: Times | undefined, faster: Times | undefined): number | undefined {
  if (slower === undefined || faster === undefined) return undefined;
  return median(slower.map((time, round) => time / (faster[round] ?? NaN)));
}

/** Returns the median of values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
