import { isAgentError } from '../protocol/index.ts';
import type { Outcome, ToolStatus, TurnError } from '../protocol/index.ts';

/** The end of a turn. */
export interface End {
  readonly outcome: Outcome;
  /** The status that open tool calls get. */
  readonly tools: ToolStatus;
  readonly error?: TurnError;
  /** Whether the failure is reported to the operator: clients do not get its details. */
  readonly isToTell?: true;
}

/**
 * Decides the end of a turn from the error of its agent, the limit that it passed, whether it was cancelled,
 * and whether it requested approvals. The function is pure.
 */
export function toEnd(failure: unknown, limit: AbortSignal, cancelled: boolean, asks: boolean): End {
  if (cancelled) return { outcome: 'cancelled', tools: 'cancelled' };
  const error = limit.aborted ? limit.reason : failure;
  if (isAgentError(error)) {
    const told = { code: error.code.slice(0, 100), message: error.message.slice(0, 2_000) };
    // The cause is only for the operator.
    return {
      outcome: 'failed',
      tools: 'error',
      error: told,
      ...(hasCause(error) && { isToTell: true }),
    };
  }
  if (error !== undefined) {
    const told = { code: 'agent_failed', message: 'The agent failed while it made this answer.' };
    return { outcome: 'failed', tools: 'error', error: told, isToTell: true };
  }
  return asks ? { outcome: 'waiting', tools: 'cancelled' } : { outcome: 'completed', tools: 'error' };
}

function hasCause(error: Error): boolean {
  try {
    return error.cause !== undefined;
  } catch {
    return true;
  }
}
