import { toDamage } from '../log/internal.ts';
import { isSessionEvent, toEntryId } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import type { AppendRow, ReadResult } from './calls.ts';

/** Returns the entries of an append. Throws if the row is damaged; unreadable entries are never left out. */
export function toEntries(session: string, { last, count, at, tag, events }: AppendRow): readonly Entry[] {
  const values = parse(session, last, events);
  if (!Array.isArray(values) || values.length !== count) {
    throw toDamage(session, `the append that ends at ${last} does not hold ${count} events`);
  }
  return values.map((event: unknown, index): Entry => {
    const seq = last - count + 1 + index;
    if (!isSessionEvent(event)) throw toDamage(session, `entry ${seq} is not an event`);
    return { id: toEntryId(seq, tag), at, event };
  });
}

/** Returns the entries of a page. Throws if one is missing. */
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
  if (!more && next <= last) throw toDamage(session, `entry ${next} is missing`);
  return entries.length > limit ? entries.slice(0, limit) : entries;
}

function parse(session: string, last: number, events: string): unknown {
  try {
    return JSON.parse(events);
  } catch {
    throw toDamage(session, `the append that ends at ${last} is not JSON`);
  }
}
