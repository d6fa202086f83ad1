import { agUi } from 'heddle/dialects';
import type { Dialect } from 'heddle/dialects';
import { dialectContract } from 'heddle/testing';
import type { DialectOracle } from 'heddle/testing';
import { describe, expect, test } from 'vitest';
import { startWith } from '../rig/checked-server.ts';

/** Each seed cuts connections at other places. `proofs/dialects.ts` runs more. */
const seeds = [1, 2];
const cases = dialectContract.flatMap((check) =>
  (check.name.startsWith('cut') ? seeds : [1]).map((seed) => ({ name: check.name, seed, check })),
);

/** Defines the tests of a client: it passes each check, or cannot for the reason that its oracle gives. */
export function runContract(oracle: DialectOracle, dialect: Dialect = agUi()): void {
  const start = startWith(dialect);
  describe(oracle.name, () => {
    // The checks mostly wait, each on a server of its own.
    test.concurrent.each(cases)('$name, seed $seed', async ({ name, seed, check }) => {
      const reason = oracle.cannot?.[name];
      if (reason === undefined) await check.run(oracle, start, seed);
      else await expect(check.run(oracle, start, seed), reason).rejects.toThrow(oracle.name);
    });
  });
}
