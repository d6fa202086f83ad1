import type { Waiting } from '../log/index.ts';
import type { ApprovalStatus, EngineEvent } from '../protocol/index.ts';
import type { CallerCommand } from './command.ts';
import type { Append, Before, Decision } from './decision.ts';

/**
 * Decides an answer to an approval. Each approval takes one answer. The last answer lets the conversation go
 * on, ahead of all waiting messages. An approval that is not open (unknown, answered before, or expired) is
 * always refused in the same way, so that the refusal does not reveal what there was.
 */
export function decideAnswer(head: Before, command: CallerCommand & { type: 'answer' }): Decision {
  const { waiting } = head;
  const { approval, turn = waiting?.turn, decision, author, run, at } = command;
  const open = waiting?.approvals.find((other) => other.approval === approval && !other.answered);
  if (waiting === undefined || open === undefined || waiting.turn !== turn || waiting.expiresAt <= at)
    return { type: 'refuse', code: 'too_late' };

  const event: EngineEvent = {
    type: 'approval_answer',
    turn: waiting.next,
    approval,
    status: 'answered',
    decision,
    ...(author !== undefined && { author }),
    ...(run !== undefined && { run }),
  };
  const approvals = waiting.approvals.map((other) => (other === open ? { ...other, answered: true } : other));
  if (!approvals.every(({ answered }) => answered)) {
    return {
      type: 'append',
      events: [event],
      head: { ...head, waiting: { ...waiting, approvals }, activeAt: at },
    };
  }
  const { waiting: _, ...rest } = head;
  const { message, next } = waiting;
  const resumed = { message, turn: next, resumes: waiting.turn, ...(run !== undefined && { run }) };
  return {
    type: 'append',
    events: [event],
    head: { ...rest, queue: [resumed, ...head.queue], activeAt: at },
  };
}

/** Closes the approvals that have no answer. The conversation goes on without them. */
export function closeApprovals(
  head: Before,
  { next, approvals }: Waiting,
  status: Exclude<ApprovalStatus, 'answered'>,
): Append {
  const { waiting: _, ...rest } = head;
  const events = approvals
    .filter(({ answered }) => !answered)
    .map(({ approval }): EngineEvent => ({ type: 'approval_answer', turn: next, approval, status }));
  return { type: 'append', events, head: rest };
}
