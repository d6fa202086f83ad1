import type { NextHead } from '../log/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import type { CallerCommand, HolderCommand } from './command.ts';
import type { Append, Before, Decision } from './decision.ts';

type OutboxCommand = Extract<CallerCommand, { type: 'link' }> | Extract<HolderCommand, { type: 'told' }>;

/**
 * Decides the link of a session to its outbox. The first link stays, unless its outbox is the one that was
 * lost.
 */
export function decideOutbox(head: Before, command: OutboxCommand): Decision {
  const { outbox } = head;
  if (command.type === 'link')
    return outbox?.session === command.instead
      ? toHead(head, { session: command.outbox })
      : { type: 'nothing' };
  return outbox?.hasNews ? toHead(head, { session: outbox.session }) : { type: 'nothing' };
}

function toHead(head: Before, outbox: NonNullable<NextHead['outbox']>): Append {
  return { type: 'append', events: [], head: { ...head, outbox } };
}

/**
 * Returns the head of an append. If the append changes the state of an exchange, and the session has an
 * outbox, the head says so. It does in the same step, so that the outbox is told even if this node dies now.
 */
export function withNews({ events, head }: Append): NextHead {
  const { outbox } = head;
  if (outbox === undefined || !events.some(isNews)) return head;
  return { ...head, outbox: { ...outbox, hasNews: true } };
}

/** Returns whether an event changes the state of an exchange. */
export function isNews(event: SessionEvent): boolean {
  if (event.type === 'approval_answer') return event.status !== 'answered';
  return event.type === 'message_end' || event.type === 'withdraw';
}
