import type { EngineEvent } from '../protocol/index.ts';
import type { CallerCommand } from './command.ts';
import { decideCancel } from './decide-cancel.ts';
import type { Before, Decision } from './decision.ts';
import { toTitle } from './to-title.ts';

/** Decides a message: it waits for its turn, is refused, or stops the open turn and is answered next. */
export function decideMessage(
  head: Before,
  command: CallerCommand & { type: 'message' },
  maxQueue: number,
): Decision {
  const { message, turn, content, ref, run, author, replaces, onBusy, seen, at } = command;
  const running = head.turn === undefined && head.waiting === undefined ? 0 : 1;
  if (head.kind === 'once' && head.title !== undefined) return { type: 'refuse', code: 'too_late' };
  if (onBusy === 'reject' && head.queue.length + running > 0) return { type: 'refuse', code: 'busy' };
  if (head.queue.length >= maxQueue) return { type: 'refuse', code: 'queue_full' };

  const isUrgent = onBusy === 'interrupt' || (onBusy === 'supersede' && supersedes(head, seen));
  const stopped = isUrgent ? decideCancel(head, undefined) : undefined;
  const { events, head: base } = stopped ?? { events: [], head };
  const waiting = { message, turn, ...(run !== undefined && { run }) };
  // An interrupting message is answered next. Messages that wait keep their order behind it. A turn whose
  // approvals are answered goes on first: it belongs to the turn before it.
  const next = isUrgent ? base.queue.filter(({ resumes }) => resumes !== undefined) : base.queue;
  const queue = [...next, waiting, ...base.queue.filter((queued) => !next.includes(queued))];
  const queued = queue.indexOf(waiting) + (base.turn === undefined && base.waiting === undefined ? 0 : 1);
  const event: EngineEvent = {
    type: 'message',
    message,
    turn,
    content,
    at,
    ...(ref !== undefined && { ref }),
    ...(run !== undefined && { run }),
    ...(author !== undefined && { author }),
    ...(replaces !== undefined && { replaces }),
    ...(queued > 0 && { queued }),
  };
  const title = base.title ?? toTitle(content);
  return { type: 'append', events: [...events, event], head: { ...base, title, queue, activeAt: at } };
}

/**
 * Returns whether a message takes the place of what is open. A message that is sent instead of an answer to
 * the approvals closes them. A sender who has seen the open answer begin has stopped it. Any other sender does
 * not know of it, and must not stop the answer of another tab.
 */
function supersedes({ waiting, turn }: Before, seen: string | undefined): boolean {
  return waiting !== undefined || (turn !== undefined && turn.message === seen);
}
