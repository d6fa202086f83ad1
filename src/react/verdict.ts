import type { ApprovalPart } from '../protocol/index.ts';

/** The state of an approval. `answered` means an answer that is neither yes nor no. */
export type Verdict = 'pending' | 'approved' | 'denied' | 'answered' | 'expired' | 'cancelled';

/** Returns the state of an approval. */
export function toVerdict({ status, decision }: ApprovalPart): Verdict {
  if (status === undefined) return 'pending';
  if (status !== 'answered') return status;
  if (decision === true) return 'approved';
  return decision === false ? 'denied' : 'answered';
}
