import type { PendingApproval, SessionState } from '../../protocol/index.ts';
import type { EventAtId } from '../../client/index.ts';

/** The open approvals of a session, as derived from its events. */
export interface OpenApprovals {
  /** The approval to ask for next: its turn waits for it, and this client has not answered it yet. */
  readonly next: PendingApproval | undefined;
  /** The turn that waits for approvals. */
  readonly turn: string | undefined;
  /** Starts again from the approvals of a state. */
  restart(state: SessionState | undefined): void;
  /**
   * Applies an event. When the event is the last answer that a turn waited for, returns the turn that
   * continues.
   */
  see(event: EventAtId['event']): string | undefined;
  /** Marks an approval as answered by this client. `false`: the answer did not arrive. */
  answering(approval: string, isOnItsWay: boolean): void;
}

/** Creates the list, empty at first. */
export function createOpenApprovals(): OpenApprovals {
  const asked = new Map<string, PendingApproval>();
  const answered = new Set<string>();
  let turn: string | undefined;
  const clear = (): void => {
    asked.clear();
    answered.clear();
    turn = undefined;
  };

  return {
    get next() {
      if (turn === undefined) return undefined;
      return [...asked.values()].find(({ approval }) => !answered.has(approval));
    },
    get turn() {
      return turn;
    },
    restart(state) {
      clear();
      for (const pending of state?.approvals ?? []) asked.set(pending.approval, pending);
      turn = state?.approvals[0]?.turn;
    },
    see(event) {
      if (event.type === 'approval_request') asked.set(event.approval, event);
      if (event.type === 'message_end') {
        if (event.outcome === 'waiting' && asked.size > 0) turn = event.turn;
        else clear();
      }
      if (event.type !== 'approval_answer') return undefined;
      asked.delete(event.approval);
      if (asked.size > 0) return undefined;
      clear();
      // No turn continues after an approval that expired or was cancelled.
      return event.status === 'answered' ? event.turn : undefined;
    },
    answering(approval, isOnItsWay) {
      if (isOnItsWay) answered.add(approval);
      else answered.delete(approval);
    },
  };
}
