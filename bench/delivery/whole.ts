/** The part of a whole run that was chosen. */
export interface BenchChoice {
  readonly only?: string | undefined;
  readonly servers?: string | undefined;
  readonly quick: boolean;
  readonly rounds: number;
}

/** The fewest rounds whose medians may stand in the docs. */
const fewestRounds = 3;

/**
 * Returns why the figures of a run may not stand in the docs, or undefined. `left` are notes of the servers
 * that were left out or failed.
 */
export function findGap(
  { only, servers, quick, rounds }: BenchChoice,
  left: readonly string[],
): string | undefined {
  if (only !== undefined || servers !== undefined || quick)
    return 'Only a run of all workloads and servers is written, without --only, --servers and --quick.';
  if (!(rounds >= fewestRounds)) return `Only a run of ${fewestRounds} rounds or more is written.`;
  return left.length > 0 ? `Only a run without gaps is written. ${left.join(' ')}` : undefined;
}
