import { closeApprovals } from './decide-approvals.ts';
import type { Append, Before } from './decision.ts';

/** Stops what runs, or what waits for approvals; undefined where there is nothing to stop, or it was asked before: both are answered as done. */
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
