import type { Entry, SessionState } from '../protocol/index.ts';
import type { Scope } from './dialect.ts';

/** Tells when a one-shot stream is over: at the end of the turn of the first message it saw, or of the one that goes on from it. */
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
      // Approvals were answered, and the turn that asked goes on in another.
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
