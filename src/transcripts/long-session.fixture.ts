import { memoryStore } from '../log/index.ts';
import type { NextHead, Store } from '../log/index.ts';
import { emptyState, foldEntries } from '../protocol/index.ts';
import type { SessionEvent, SessionState } from '../protocol/index.ts';

export const session = 's';
export const head: NextHead = { owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };

/** Creates a store with a session of some turns, and without a checkpoint. */
export async function storeOf(turns: number, kind: NextHead['kind'] = 'session'): Promise<Store> {
  const store = memoryStore();
  const start: SessionEvent = { type: 'session_start', session };
  await store.log.append(session, [start], { head: { was: 0, now: { ...head, kind } } });
  const events = Array.from({ length: turns }, (_, turn) => toTurn(turn));
  await store.log.append(session, events.flat());
  return store;
}

/** Returns the events of a whole turn. */
export function toTurn(
  number: number,
  { text = 'words '.repeat(40), ...more }: { readonly text?: string; readonly replaces?: string } = {},
): readonly SessionEvent[] {
  const [message, turn, at] = [`m${number}`, `t${number}`, number];
  return [
    { type: 'message', message, turn, content: `say ${number}`, at, ...more },
    { type: 'message_start', message, turn, attempt: 1, at },
    { type: 'content_start', turn, part: 'p1' },
    { type: 'content', turn, part: 'p1', data: text },
    { type: 'content_end', turn, part: 'p1' },
    { type: 'message_end', turn, outcome: 'completed' },
  ];
}

/** Folds the log of the session from its start. */
export async function foldAll({ log }: Store): Promise<SessionState> {
  const page = await log.read(session, undefined, Infinity);
  if (page.type !== 'page') throw new Error(page.type);
  return foldEntries(page.base ?? emptyState(session), page.entries);
}
