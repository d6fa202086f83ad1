import { isBusy } from '../log/internal.ts';
import type { Command, Creation } from './command.ts';
import { closeApprovals, decideAnswer } from './decide-approvals.ts';
import { decideCancel } from './decide-cancel.ts';
import { decideEnd } from './decide-end.ts';
import { decideMessage } from './decide-message.ts';
import { decideOutbox, withNews } from './decide-outbox.ts';
import type { Append, Before, Decision } from './decision.ts';
import { cutPast } from './past-bounds.ts';
import { toPastEvents } from './past-events.ts';
import { toTitle } from './to-title.ts';

const hourMs = 3_600_000;

export interface DecideOptions {
  /** How many messages may wait in a session. @default 32 */
  readonly maxQueue?: number | undefined;
  /** How long a one-shot session is kept after its turn, in milliseconds. @default 3_600_000 */
  readonly onceMs?: number | undefined;
}

/** Decides the first append of a session. */
export function create({ session, owner, kind, unattended, metadata, past = [], at }: Creation): Append {
  const start = { type: 'session_start', session, ...(metadata !== undefined && { metadata }) } as const;
  const first = past.find(({ role }) => role === 'user');
  // A one-shot session has a title once it has its message.
  const title = first?.role === 'user' && kind === 'session' ? { title: toTitle(first.content) } : undefined;
  return {
    type: 'append',
    events: [start, ...toPastEvents(cutPast(past), at)],
    head: {
      owner,
      kind,
      ...(unattended && { unattended }),
      ...title,
      createdAt: at,
      activeAt: at,
      queue: [],
    },
  };
}

/**
 * Decides a command against the head that was read for it. The function is pure. The caller appends the
 * result under the head's version. If another append took that version, the caller decides again. So every
 * race (two messages, cancel and end, withdraw and start, two answers) has one winner on any store.
 */
export function decide(head: Before, command: Command, options: DecideOptions = {}): Decision {
  const decision = decideFor(head, command, options);
  if (decision.type !== 'append') return decision;
  const { dueAt: _, ...rest } = withNews(decision);
  const dueAt = toDueAt(rest, command.at, options.onceMs);
  return { ...decision, head: dueAt === undefined ? rest : { ...rest, dueAt } };
}

function decideFor(head: Before, command: Command, { maxQueue = 32 }: DecideOptions): Decision {
  switch (command.type) {
    case 'message':
      return decideMessage(head, command, maxQueue);
    case 'cancel':
      return decideCancel(head, command.turn) ?? { type: 'nothing' };
    case 'withdraw': {
      const queue = head.queue.filter(
        ({ message, resumes }) => message !== command.message || resumes !== undefined,
      );
      if (queue.length === head.queue.length) return { type: 'refuse', code: 'too_late' };
      return {
        type: 'append',
        events: [{ type: 'withdraw', message: command.message }],
        head: { ...head, queue },
      };
    }
    case 'answer':
      return decideAnswer(head, command);
    case 'link':
    case 'told':
      return decideOutbox(head, command);
    case 'expire':
      if (head.waiting === undefined || head.waiting.expiresAt > command.at) return { type: 'nothing' };
      return closeApprovals(head, head.waiting, 'expired');
    case 'start': {
      const [next, ...queue] = head.queue;
      if (head.turn !== undefined || head.waiting !== undefined || next === undefined)
        return { type: 'nothing' };
      const turn = { ...next, attempt: 1 };
      return {
        type: 'append',
        events: [{ type: 'message_start', ...turn, at: command.at }],
        head: { ...head, queue, turn },
      };
    }
    case 'restart': {
      if (head.turn === undefined || head.turn.cancelled) return { type: 'nothing' };
      const turn = { ...head.turn, attempt: head.turn.attempt + 1 };
      return {
        type: 'append',
        events: [{ type: 'message_start', ...turn, at: command.at }],
        head: { ...head, turn },
      };
    }
    case 'end':
      return decideEnd(head, command);
  }
}

/**
 * Returns the time from which a node should work on a session, in milliseconds since 1970. It is 0 if there
 * is something to run, so that no clock can delay it. Otherwise it is the time when something in the session
 * expires, or undefined if nothing does.
 */
function toDueAt(next: Before, at: number, onceMs: number = hourMs): number | undefined {
  if (isBusy(next) || next.outbox?.hasNews) return 0;
  if (next.waiting !== undefined) return next.waiting.expiresAt;
  // A one-shot session is kept after its turn, for clients that come back for the answer.
  return next.kind === 'once' && next.title !== undefined ? at + onceMs : undefined;
}
