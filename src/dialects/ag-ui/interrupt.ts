import { isRecord } from '../../protocol/internal.ts';

/** An approval that a run waits for, in AG-UI's words. */
export interface Interrupt {
  readonly id: string;
  readonly reason: 'approval_required';
  readonly message?: string;
  readonly toolCallId?: string;
  readonly responseSchema: Readonly<Record<string, unknown>>;
  /** TanStack AI lets users answer only if `kind`, `toolName` and `input` are there. */
  readonly metadata: {
    readonly kind: 'approval';
    readonly toolName: string;
    readonly input: unknown;
    readonly reason: unknown;
  };
}

/** The subject of an approval: a tool call, or only its reason. */
export interface AskedCall {
  readonly id: string;
  readonly tool: string;
  readonly input?: unknown;
}

const responseSchema = {
  type: 'object',
  properties: { approved: { type: 'boolean' } },
  required: ['approved'],
} as const;

/** Creates the interrupt of an approval. An approval without a call has the tool name `approval`. */
export function toInterrupt(approval: string, reason: unknown, call: AskedCall | undefined): Interrupt {
  const message = isRecord(reason) ? reason['message'] : reason;
  return {
    id: approval,
    reason: 'approval_required',
    ...(typeof message === 'string' && { message }),
    ...(call !== undefined && { toolCallId: call.id }),
    responseSchema,
    metadata: {
      kind: 'approval',
      toolName: call?.tool ?? 'approval',
      input: (call === undefined ? reason : call.input) ?? null,
      reason: reason ?? null,
    },
  };
}

/**
 * Returns the decision of an entry of `resume`. A payload that is only `{ approved }` becomes its boolean.
 * Any other payload is the decision as it is.
 */
export function toApprovalDecision(status: 'resolved' | 'cancelled', payload: unknown): unknown {
  if (status === 'cancelled') return false;
  if (payload === undefined) return true;
  const approved = isRecord(payload) && Object.keys(payload).length === 1 ? payload['approved'] : undefined;
  return typeof approved === 'boolean' ? approved : payload;
}
