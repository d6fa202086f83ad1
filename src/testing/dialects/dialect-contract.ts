import type { DialectCheck } from './dialect-bench.ts';
import { approvalChecks } from './approval-checks.ts';
import { cutChecks } from './cut-checks.ts';
import { pageChecks } from './page-checks.ts';
import { plainChecks } from './plain-checks.ts';

/**
 * The behaviour that every client of every dialect should see, as checks:
 * `for (const check of dialectContract) test(check.name, () => check.run(oracle, start))`. A check that is
 * named in `oracle.cannot` should reject: test that, too, so that the list of limits stays true.
 */
export const dialectContract: readonly DialectCheck[] = [
  ...plainChecks,
  ...approvalChecks,
  ...pageChecks,
  ...cutChecks,
];
