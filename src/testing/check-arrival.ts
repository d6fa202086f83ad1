import { toSeq } from '../protocol/index.ts';
import type { History } from './history.ts';
import type { Ledger } from './ledger.ts';
import type { Span } from './spans.ts';
import { violate } from './violation.ts';
import type { Violation } from './violation.ts';

/**
 * Checks R5: each acknowledged entry is in the log, and the whole log has reached every reader that stayed.
 */
export function checkArrival(
  history: History,
  readers: readonly (readonly Span[])[],
  ledger: Ledger,
): readonly Violation[] {
  return [...checkKept(history), ...readers.flatMap((spans) => checkTail(spans, ledger))];
}

function checkKept({ acknowledged, posts, logs }: History): readonly Violation[] {
  const promised = [
    ...acknowledged,
    ...posts.flatMap(({ session, fate }) => (fate.type === 'answered' ? [{ session, id: fate.id }] : [])),
  ];
  return logs.flatMap(({ session, entries, trimmed }) => {
    const kept = new Set(entries.map(({ id }) => id));
    const from = trimmed === undefined ? 0 : toSeq(trimmed);
    const lost = promised
      .filter((one) => one.session === session && toSeq(one.id) > from && !kept.has(one.id))
      .map(({ id }) => id);
    if (lost.length === 0) return [];
    const ids = [...new Set(lost)];
    return [violate('R5', `${ids.length} acknowledged entries are not in the log.`, { session }, ids)];
  });
}

function checkTail(spans: readonly Span[], ledger: Ledger): readonly Violation[] {
  const span = spans.at(-1);
  if (span === undefined || !span.reader.stayed) return [];
  const { session, reader } = span.reader;
  // After a resync without a state, the stream does not show the reader's place.
  if (span.base === undefined && span.entries.length === 0) return [];
  const furthest = Math.max(span.base ?? 0, ...span.entries.map(({ seq }) => seq));
  const missing = (ledger.logOf(session)?.entries ?? [])
    .map(({ id }) => id)
    .filter((id) => toSeq(id) > furthest);
  if (missing.length === 0) return [];
  const connection = span.reader.connections.at(-1)?.connection;
  const where = { session, reader, ...(connection !== undefined && { connection }) };
  return [violate('R5', `${missing.length} entries never came.`, where, missing)];
}
