import type { Head, NextHead } from '../log/index.ts';
import { toText } from '../protocol/index.ts';
import type { EngineEvent, RefusalCode } from '../protocol/index.ts';
import type { Command, Creation } from './command.ts';

/** What becomes of a command: events and a head to append together, a refusal, or nothing to do. */
export type Decision =
  | { readonly type: 'append'; readonly events: readonly EngineEvent[]; readonly head: NextHead }
  | { readonly type: 'refuse'; readonly code: RefusalCode }
  | { readonly type: 'nothing' };

export interface DecideOptions {
  /** How many messages may wait in a session. @default 32 */
  readonly maxQueue?: number;
}

/** Decides a session's first append. */
export function create({ session, owner, kind, metadata, at }: Creation): Decision & { type: 'append' } {
  return {
    type: 'append',
    events: [{ type: 'session_start', session, ...(metadata !== undefined && { metadata }) }],
    head: { owner, kind, createdAt: at, activeAt: at, queue: [], due: false },
  };
}

/**
 * Decides a command against the head it was read with: pure. The caller appends the result under the head's version and
 * decides again where that was taken: so every race (two messages, cancel and end, withdraw and start) has one winner on any store.
 */
export function decide(head: Head | NextHead, command: Command, options: DecideOptions = {}): Decision {
  switch (command.type) {
    case 'message':
      return decideMessage(head, command, options.maxQueue ?? 32);
    case 'cancel':
      return decideCancel(head, command);
    case 'withdraw': {
      const queue = head.queue.filter(({ message }) => message !== command.message);
      if (queue.length === head.queue.length) return { type: 'refuse', code: 'too_late' };
      return append([{ type: 'withdraw', message: command.message }], { ...head, queue });
    }
    case 'start': {
      const [next, ...queue] = head.queue;
      if (head.turn !== undefined || next === undefined) return { type: 'nothing' };
      const turn = { ...next, attempt: 1 };
      return append([{ type: 'message_start', ...turn, at: command.at }], { ...head, queue, turn });
    }
    case 'restart': {
      if (head.turn === undefined) return { type: 'nothing' };
      const { turn, message, attempt } = head.turn;
      const again = { ...head.turn, attempt: attempt + 1 };
      return append([{ type: 'message_start', turn, message, attempt: again.attempt, at: command.at }], {
        ...head,
        turn: again,
      });
    }
    case 'end':
      return decideEnd(head, command);
  }
}

function decideMessage(
  head: Head | NextHead,
  command: Command & { type: 'message' },
  maxQueue: number,
): Decision {
  const { message, turn, content, author, onBusy, at } = command;
  const ahead = head.queue.length + (head.turn === undefined ? 0 : 1);
  if (head.kind === 'once' && head.title !== undefined) return { type: 'refuse', code: 'too_late' };
  if (onBusy === 'reject' && ahead > 0) return { type: 'refuse', code: 'busy' };
  if (head.queue.length >= maxQueue) return { type: 'refuse', code: 'queue_full' };

  const interrupt = onBusy === 'interrupt';
  const cancel = interrupt ? decideCancel(head, { type: 'cancel' }) : ({ type: 'nothing' } as const);
  const base = cancel.type === 'append' ? cancel : { events: [], head };
  const waiting = { message, turn };
  // What interrupts is answered next; what waited keeps its order behind it.
  const queue = interrupt ? [waiting, ...head.queue] : [...head.queue, waiting];
  const queued = queue.indexOf(waiting) + (head.turn === undefined ? 0 : 1);
  const event: EngineEvent = {
    type: 'message',
    message,
    turn,
    content,
    at,
    ...(author !== undefined && { author }),
    ...(queued > 0 && { queued }),
  };
  const title = head.title ?? toTitle(toText(content));
  return append([...base.events, event], { ...base.head, title, queue, activeAt: at });
}

function decideCancel(
  head: Head | NextHead,
  { turn }: Command & { type: 'cancel' },
): Decision & { type: 'append' | 'nothing' } {
  const open = head.turn;
  // A stale turn id stops nothing, and a second cancel changes nothing: both are answered as done.
  if (open === undefined || open.cancelled || (turn !== undefined && turn !== open.turn))
    return { type: 'nothing' };
  return append([{ type: 'cancel_request', turn: open.turn }], {
    ...head,
    turn: { ...open, cancelled: true },
  });
}

function decideEnd(head: Head | NextHead, command: Command & { type: 'end' }): Decision {
  const { turn: open, ...rest } = head;
  if (open?.turn !== command.turn) return { type: 'nothing' };
  const { turn, reason, usage, error, at } = command;
  // Who asked for a stop and was told yes sees a stop, also where the agent came to its end in the same moment.
  const outcome = open.cancelled ? 'cancelled' : command.outcome;
  const end: EngineEvent = {
    type: 'message_end',
    turn,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(usage !== undefined && { usage }),
    ...(error !== undefined && outcome === 'failed' && { error }),
  };
  return append([end], { ...rest, activeAt: at });
}

function append(events: readonly EngineEvent[], head: Head | NextHead): Decision & { type: 'append' } {
  return { type: 'append', events, head: { ...head, due: head.turn !== undefined || head.queue.length > 0 } };
}

/** The first line of a text, at most 80 characters. */
function toTitle(text: string): string {
  const line = text.trim().split(/[\r\n]/u, 1)[0] ?? '';
  const characters = [...line];
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : line;
}
