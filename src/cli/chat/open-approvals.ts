import type { PendingApproval, SessionState } from '../../protocol/index.ts';
import type { EventAtId } from '../../client/index.ts';

/** The approvals of a session that are open, as its events tell. */
export interface OpenApprovals {
  /** The one to ask for next: the turn waits for it, and nobody here has answered it yet. */
  readonly next: PendingApproval | undefined;
  /** The turn that waits. */
  readonly turn: string | undefined;
  /** Begins with those of a state. */
  restart(state: SessionState | undefined): void;
  /** Takes in what an event tells. Answers with the turn that goes on, where the event was the last answer it waited for. */
  see(event: EventAtId['event']): string | undefined;
  /** An answer is on its way; `false`: it did not arrive. */
  answering(approval: string, isOnItsWay: boolean): void;
}

/** Begins with none. */
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
      // What was closed unanswered is not gone on from.
      return event.status === 'answered' ? event.turn : undefined;
    },
    answering(approval, isOnItsWay) {
      if (isOnItsWay) answered.add(approval);
      else answered.delete(approval);
    },
  };
}
