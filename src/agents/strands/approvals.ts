import type { AgentEvent, ApprovalAnswer } from '../../protocol/index.ts';
import type { SpeakerCall } from './create-calls.ts';
import { fieldsOf, listOf, mintApproval, textOf, toVendorAnswers } from '../kit/index.ts';
import type { PendingInterrupts } from './saved.ts';

/** The approvals a run stopped for: all its interrupts, and the calls that wait for them. */
export interface ApprovalRound extends Pick<PendingInterrupts, 'interrupts' | 'calls'> {
  readonly requests: readonly AgentEvent[];
}

/** Whether a run ended because it needs an answer. */
export function isInterrupted(result: unknown): boolean {
  const { stopReason, status, interrupts } = fieldsOf(result);
  return stopReason === 'interrupt' || status === 'INTERRUPTED' || listOf(interrupts).length > 0;
}

/**
 * Returns the approvals that a result asks for; undefined if it has no interrupts. Each approval gets a new
 * name. The SDK builds its names from the model's call ids, which may come again in a later turn, so a late
 * answer could reach the wrong call.
 */
export function toAsked(result: unknown, open: readonly SpeakerCall[]): ApprovalRound | undefined {
  const asked = listOf(fieldsOf(result)['interrupts']).map((interrupt) => {
    const { id, name, reason } = fieldsOf(interrupt);
    const call = open.find(({ vendorId }) => isAbout(textOf(id), vendorId))?.call;
    return { approval: mintApproval(), id: textOf(id), reason: reason ?? textOf(name), call };
  });
  if (asked.length === 0) return undefined;
  return {
    requests: asked.map(({ approval, reason, call }) => ({
      type: 'approval_request',
      approval,
      reason,
      ...(call !== undefined && { call }),
    })),
    interrupts: asked.map(({ approval, id }) => [approval, id]),
    calls: open.map(({ vendorId, call }) => [vendorId, call]),
  };
}

/** Converts the answers to the SDK's input. */
export function toResponses(
  { interrupts }: PendingInterrupts,
  answers: readonly ApprovalAnswer[],
): readonly object[] {
  return toVendorAnswers(interrupts, answers).map(({ vendorId, answer }) => ({
    // The SDK treats undefined as no answer.
    interruptResponse: { interruptId: vendorId, response: answer.decision ?? null },
  }));
}

/** The prefixes of the SDK's interrupt ids: of a tool itself, a hook before it, a middleware around it. */
const origins = ['tool', 'hook:beforeToolCall', 'middleware:executeTool'];

function isAbout(id: string, vendorId: string): boolean {
  return origins.some((origin) => id.startsWith(`${origin}:${vendorId}:`));
}
