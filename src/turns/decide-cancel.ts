import { closeApprovals } from './decide-approvals.ts';
import type { Append, Before } from './decision.ts';

/**
 * Decides a cancel: it stops the open turn, or closes the approvals that the session waits for. Returns
 * undefined if there is nothing to stop, or if the turn was cancelled before. The caller gets the same
 * response in both cases.
 */
export function decideCancel(head: Before, turn: string | undefined): Append | undefined {
  const { turn: open, waiting } = head;
  if (waiting !== undefined && (turn === undefined || turn === waiting.turn))
    return closeApprovals(head, waiting, 'cancelled');
  if (open === undefined || open.cancelled || (turn !== undefined && turn !== open.turn)) return undefined;
  return {
    type: 'append',
    events: [{ type: 'cancel_request', turn: open.turn }],
    head: { ...head, turn: { ...open, cancelled: true } },
  };
}
