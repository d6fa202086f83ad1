import { appendChecks } from './contract-append.ts';
import type { StoreCheck } from './contract-check.ts';
import { checkpointChecks } from './contract-checkpoints.ts';
import { fenceChecks } from './contract-fences.ts';
import { followChecks } from './contract-follow.ts';
import { keyChecks } from './contract-keys.ts';
import { leaseChecks } from './contract-leases.ts';
import { readChecks } from './contract-reads.ts';
import { sessionChecks } from './contract-sessions.ts';
import { snapshotChecks } from './contract-snapshots.ts';

export type { StoreCheck } from './contract-check.ts';

/**
 * The behaviour of every store, as checks: `for (const { name, run } of storeContract) test(name, () =>
 * run(open))`.
 */
export const storeContract: readonly StoreCheck[] = [
  ...appendChecks,
  ...keyChecks,
  ...fenceChecks,
  ...readChecks,
  ...leaseChecks,
  ...sessionChecks,
  ...snapshotChecks,
  ...checkpointChecks,
  ...followChecks,
];
