import type { Head } from '../log/index.ts';
import { isRecord, isSessionEvent, toEntryId } from '../protocol/index.ts';
import type { Entry, SessionState } from '../protocol/index.ts';
import type { AppendRow, ReadResult } from './calls.ts';

/** The entries of an append; throws where the row is damaged: what cannot be read is never left out. */
export function toEntries(session: string, { last, count, at, tag, events }: AppendRow): readonly Entry[] {
  const values = parse(session, `the append that ends at ${last}`, events);
  if (!Array.isArray(values) || values.length !== count) {
    throw damaged(session, `the append that ends at ${last} does not hold ${count} events`);
  }
  return values.map((event: unknown, index): Entry => {
    const seq = last - count + 1 + index;
    if (!isSessionEvent(event)) throw damaged(session, `entry ${seq} is not an event`);
    return { id: toEntryId(seq, tag), at, event };
  });
}

/** The entries of a page; throws where one is missing. */
export function toPageEntries(
  session: string,
  { rows, more, first, last }: Extract<ReadResult, { readonly type: 'page' }>,
  limit: number,
): readonly Entry[] {
  const entries: Entry[] = [];
  let next = first;
  for (const row of rows) {
    const start = row.last - row.count + 1;
    if (start > next) break;
    entries.push(...toEntries(session, row).slice(next - start));
    next = row.last + 1;
  }
  if (!more && next <= last) throw damaged(session, `entry ${next} is missing`);
  return entries.length > limit ? entries.slice(0, limit) : entries;
}

/** The head of a session from its text. */
export function toHead(session: string, text: string): Head {
  const head = parse(session, 'the head', text);
  if (!isHead(head)) throw damaged(session, 'the head is not one');
  return head;
}

/** The state that stands for trimmed entries. */
export function toState(session: string, text: string): SessionState {
  const state = parse(session, 'the base', text);
  if (!isState(state)) throw damaged(session, 'the base is not a state');
  return state;
}

/** The data of a snapshot from their text. */
export function toSnapshot(session: string, text: string): string {
  const data = parse(session, 'a snapshot', text);
  if (typeof data !== 'string') throw damaged(session, 'a snapshot is not a text');
  return data;
}

function isHead(value: unknown): value is Head {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value['version']) &&
    typeof value['owner'] === 'string' &&
    (value['kind'] === 'session' || value['kind'] === 'once') &&
    typeof value['createdAt'] === 'number' &&
    typeof value['activeAt'] === 'number' &&
    Array.isArray(value['queue']) &&
    (value['dueAt'] === undefined || typeof value['dueAt'] === 'number')
  );
}

function isState(value: unknown): value is SessionState {
  return (
    isRecord(value) &&
    typeof value['session'] === 'string' &&
    Array.isArray(value['messages']) &&
    Array.isArray(value['approvals'])
  );
}

function parse(session: string, what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(session, `${what} is not JSON`);
  }
}

function damaged(session: string, what: string): Error {
  return new Error(`The log of session ${session} is damaged: ${what}.`);
}
