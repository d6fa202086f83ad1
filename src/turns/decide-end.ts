import type { EngineEvent } from '../protocol/index.ts';
import type { HolderCommand } from './command.ts';
import type { Before, Decision } from './decision.ts';

/** Decides the end of a turn. A turn ends once. */
export function decideEnd(head: Before, command: HolderCommand & { type: 'end' }): Decision {
  const { turn: open, ...rest } = head;
  if (open?.turn !== command.turn) return { type: 'nothing' };
  const { turn, reason, usage, error, waiting, at } = command;
  // A caller whose cancel was accepted sees a cancelled turn, even if the agent ended at the same moment.
  const outcome = open.cancelled ? 'cancelled' : command.outcome;
  const waits = outcome === 'waiting' ? waiting : undefined;
  const end: EngineEvent = {
    type: 'message_end',
    turn,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(waits && { approvals: waits.approvals }),
    ...(usage !== undefined && { usage }),
    ...(error !== undefined && outcome === 'failed' && { error }),
  };
  const asked = waits && {
    turn,
    message: open.message,
    ...(open.run !== undefined && { run: open.run }),
    next: waits.next,
    expiresAt: rest.unattended ? at : waits.expiresAt,
    approvals: waits.approvals.map((approval) => ({ approval, answered: false })),
  };
  return { type: 'append', events: [end], head: { ...rest, ...(asked && { waiting: asked }), activeAt: at } };
}
