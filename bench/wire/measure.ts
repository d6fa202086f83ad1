import { measure } from 'mitata';

/** Something to be measured. */
export interface Contestant {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/**
 * Measures all in turns, round by round, so that what else the machine does meets all alike. Returns the median over the
 * rounds of mitata's median of a round, in nanoseconds; a first round only warms up.
 */
export async function measureInTurns(
  contestants: readonly Contestant[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map(contestants.map(({ name }) => [name, new Array<number>()]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, run } of contestants) {
      const { p50 } = await measure(run, { min_cpu_time: 40_000_000, min_samples: 5, batch_threshold: 0 });
      if (round > 0) times.get(name)?.push(p50);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
