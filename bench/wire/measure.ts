import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { measure } from 'mitata';

setFlagsFromString('--expose-gc');
const collect: (options: { readonly type: 'minor' }) => void = runInNewContext('gc');

/** Something to be measured. */
export interface WireContestant {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** The times of one contestant, one a round, in nanoseconds. */
export type Times = readonly number[];

/**
 * Measures all in turns of a few milliseconds, round by round, so that what else the machine does meets all alike: only
 * times of one round are to be compared. The first rounds only warm up.
 */
export async function measureInTurns(
  contestants: readonly WireContestant[],
  rounds: number,
): Promise<ReadonlyMap<string, Times>> {
  const times = new Map(contestants.map(({ name }) => [name, new Array<number>()]));
  for (let round = -4; round < rounds; round++) {
    for (const { name, run } of contestants) {
      // Nobody pays for what the one before left behind.
      collect({ type: 'minor' });
      const { p50 } = await measure(run, {
        min_cpu_time: 4_000_000,
        min_samples: 1,
        warmup_samples: 1,
        warmup_threshold: 0,
        batch_threshold: 0,
        // Without --expose-gc its collection is an allocation of 1 GiB.
        gc: false,
      });
      if (round >= 0) times.get(name)?.push(p50);
    }
  }
  return times;
}

/** The median of how many times as long one took as another, round by round; undefined where one was not measured. */
export function medianRatio(slower: Times | undefined, faster: Times | undefined): number | undefined {
  if (slower === undefined || faster === undefined) return undefined;
  return median(slower.map((time, round) => time / (faster[round] ?? NaN)));
}

/** The middle one of these by size. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
