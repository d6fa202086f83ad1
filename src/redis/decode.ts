import { toDamage, toHead, toState } from '../log/internal.ts';
import type { Gone, Missing, Page } from '../log/index.ts';
import { isSessionEvent, toEntryId } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import { toGroups, toList, toNumber, toReplyText } from './reply.ts';

/** Reads a page from the script's reply. Throws if the stored data is damaged. */
export function toPage(session: string, reply: unknown): Page | Missing | Gone {
  const [type, ...rest] = toList(reply);
  if (type === 'missing') return { type: 'missing' };
  if (type === 'gone') return { type: 'gone', reason: toReason(rest[0]) };
  if (type !== 'page') throw toDamage(session, `entry ${toReplyText(rest[0])} is missing`);
  const [head, base, end, first] = rest.slice(0, 4).map(toReplyText);
  const start = Number(first);
  return {
    type: 'page',
    entries: toGroups(rest[4], 3).map(([tag = '', at, event = ''], index) =>
      toEntry(session, { seq: start + index, tag, at: Number(at), event }),
    ),
    head: toHead(session, head ?? ''),
    ...(end === '1' && { end: true }),
    ...(base && { base: toState(session, base) }),
  };
}

/** The record of an append. A repeated append has the same record. */
export interface AppendRecord {
  readonly entries: readonly Entry[];
  readonly version: number;
}

/** Reads what an earlier append wrote. Throws if the stored data is damaged. */
export function toAppendRecord(session: string, ref: unknown, texts: unknown): AppendRecord {
  const { first, count, at, tag, version } = toAppendPlace(ref);
  const events = toList(texts).map(toReplyText);
  if (events.length !== count)
    throw toDamage(session, `of the append at ${first} ${count} events were written`);
  const entries = events.map((event, index) => toEntry(session, { seq: first + index, tag, at, event }));
  return { entries, version };
}

/** Reads the place of an append in its log, as the scripts return it. */
export function toAppendPlace(ref: unknown): {
  readonly first: number;
  readonly count: number;
  readonly at: number;
  readonly tag: string;
  readonly version: number;
} {
  const [first, count, at, tag, version] = toList(ref);
  return {
    first: toNumber(first),
    count: toNumber(count),
    at: toNumber(at),
    tag: toReplyText(tag),
    version: toNumber(version),
  };
}

function toEntry(
  session: string,
  {
    seq,
    tag,
    at,
    event: text,
  }: { readonly seq: number; readonly tag: string; readonly at: number; readonly event: string },
): Entry {
  const event = parse(text);
  if (!isSessionEvent(event)) throw toDamage(session, `entry ${seq} is not an event`);
  return { id: toEntryId(seq, tag), at, event };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toReason(value: unknown): Gone['reason'] {
  if (value === 'trimmed' || value === 'unknown' || value === 'beyond') return value;
  throw new Error(`Redis answered ${String(value)} for a reason.`);
}
