import type { ApprovalPart, PartState, ToolPart } from '../protocol/index.ts';

/** Returns the call that an approval is about, among the parts of its message; undefined if it is about none. */
export function toolOf(part: PartState, parts: readonly PartState[]): ToolPart | undefined {
  if (part.type !== 'approval' || part.call === undefined) return undefined;
  return parts.findLast((other): other is ToolPart => other.type === 'tool' && other.call === part.call);
}

/**
 * Returns the approval that a call waits for, or that kept it from running, among the parts of its message. Its
 * verdict says more than the status of such a call.
 */
export function approvalOf(part: PartState, parts: readonly PartState[]): ApprovalPart | undefined {
  if (part.type !== 'tool' || (part.status !== 'waiting' && part.status !== 'cancelled')) return undefined;
  return parts.findLast(
    (other): other is ApprovalPart => other.type === 'approval' && other.call === part.call,
  );
}
