import { describe, expect, test } from 'vitest';
import { dialectContract } from '../../src/testing/index.ts';
import type { DialectOracle, StartCheckedServer } from '../../src/testing/index.ts';

/** Defines the tests of a client: it passes each check, or cannot for the reason that its oracle gives. */
export function runContract(oracle: DialectOracle, start: StartCheckedServer): void {
  describe(oracle.name, () => {
    for (const check of dialectContract) {
      const why = oracle.cannot?.[check.name];
      if (why === undefined) test(check.name, () => check.run(oracle, start));
      else
        test(`${check.name}: ${why}`, async () => {
          await expect(check.run(oracle, start)).rejects.toThrow(oracle.name);
        });
    }
  });
}
