import type { ApprovalStatus } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';

/** An answer to an approval in the words of the SDK. */
export interface ApprovalVerdict {
  readonly approved: boolean;
  readonly reason?: string;
}

/**
 * Returns how an approval ended. A decision is any JSON: `false`, `null` and `{ approved: false }` are a no,
 * all other decisions are a yes. An approval that was closed without an answer is a no.
 */
export function toApprovalVerdict(status: ApprovalStatus, decision: unknown): ApprovalVerdict {
  if (status !== 'answered') return { approved: false, reason: status };
  if (decision === false || decision === null) return { approved: false };
  if (!isRecord(decision) || decision['approved'] !== false) return { approved: true };
  const { reason } = decision;
  return { approved: false, ...(typeof reason === 'string' && { reason }) };
}

/**
 * Returns the decision that a verdict stands for. A reason is kept for a no only, so that agents which look
 * for `true` are right.
 */
export function toDecision({ approved, reason }: ApprovalVerdict): unknown {
  return approved || reason === undefined ? approved : { approved, reason };
}
