import { isAgentError } from '../protocol/index.ts';
import type { Outcome, ToolStatus, TurnError } from '../protocol/index.ts';

/** How a turn ends. */
export interface End {
  readonly outcome: Outcome;
  /** What became of tool calls that were still open. */
  readonly tools: ToolStatus;
  readonly error?: TurnError;
  /** The failure has words that nobody declared fit for the public: whoever runs this is told. */
  readonly isToTell?: true;
}

/** Decides a turn's end from what its agent threw, the limit it passed, whether somebody stopped it, and what it asked for: pure. */
export function toEnd(failure: unknown, limit: AbortSignal, cancelled: boolean, asks: boolean): End {
  if (cancelled) return { outcome: 'cancelled', tools: 'cancelled' };
  const error = limit.aborted ? limit.reason : failure;
  if (isAgentError(error)) {
    const told = { code: error.code.slice(0, 100), message: error.message.slice(0, 2_000) };
    // Its cause has words that are for whoever runs this.
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
