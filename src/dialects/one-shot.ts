import type { Entry, SessionState } from '../protocol/index.ts';
import type { Scope } from './dialect.ts';

/**
 * Decides when a one-shot stream is over: at the end of the turn of its first message, or of the turn that
 * goes on from it. It is over, too, when an approval expires or is cancelled. `see` returns whether an entry
 * is the last one.
 */
export function createOneShot(
  scope: Scope,
  state?: SessionState,
): { see(entry: Entry): boolean; readonly over: boolean } {
  const last = state?.messages.findLast(({ role }) => role === 'agent');
  let turn = last?.turn ?? state?.messages[0]?.turn;
  let over =
    scope === 'turn' && last?.role === 'agent' && last.outcome !== undefined && state?.approvals.length === 0;
  return {
    see: ({ event }) => {
      if (scope === 'session') return false;
      if (event.type === 'message') turn ??= event.turn;
      // The approvals were answered, and another turn goes on from the one that asked.
      if (event.type === 'message_start' && event.resumes !== undefined && event.resumes === turn)
        turn = event.turn;
      const isLast = event.type === 'message_end' && event.turn === turn && event.outcome !== 'waiting';
      const isGivenUp = event.type === 'approval_answer' && event.status !== 'answered';
      const ends = !over && (isLast || isGivenUp);
      over ||= ends;
      return ends;
    },
    get over() {
      return over;
    },
  };
}
