import type { SpanView, Span } from './spans.ts';
import { violate } from './violation.ts';
import type { Violation } from './violation.ts';

/** Checks R1, R2 and R3 within one span: entries come in order, without gaps, once. */
export function checkOrder(span: Span): readonly Violation[] {
  const where = { session: span.reader.session, reader: span.reader.reader };
  // An entry that is not in the log has no place to compare.
  const known = span.entries.filter(isPlaced);
  const violations: Violation[] = [];
  const seen = new Set<string>();
  let highest: SpanView | undefined;
  for (const entry of known) {
    const { id, seq, connection } = entry;
    const at = { ...where, connection };
    if (seen.has(id)) {
      violations.push(violate('R3', `Entry ${id} came twice.`, at, [id]));
      continue;
    }
    seen.add(id);
    if (highest !== undefined && seq <= highest.seq) {
      violations.push(violate('R1', `Entry ${id} came after ${highest.id}.`, at, [highest.id, id]));
    } else highest = entry;
  }
  return [...violations, ...checkGaps(span, known), ...checkNamed(span)];
}

function isPlaced({ standing }: SpanView): boolean {
  return standing !== 'phantom' && standing !== 'foreign';
}

/** All entries between the start of a span and its furthest known entry must have come, in any order. */
function checkGaps({ reader, base, entries }: Span, known: readonly SpanView[]): readonly Violation[] {
  const came = new Set(entries.map(({ seq }) => seq));
  const furthest = Math.max(0, ...known.map(({ seq }) => seq));
  const first = base === undefined ? Math.min(...known.map(({ seq }) => seq)) : base + 1;
  const missing: string[] = [];
  for (let seq = first; seq < furthest; seq += 1) if (!came.has(seq)) missing.push(String(seq));
  if (missing.length === 0) return [];
  // The connection on which the first missing entry should have come.
  const { connection = '' } = known.find(({ seq }) => seq > Number(missing[0])) ?? {};
  const where = { session: reader.session, reader: reader.reader, connection };
  return [violate('R2', `${missing.length} entries are missing from ${missing[0]} on.`, where, missing)];
}

/** A resync excuses only the gap after the reader's last entry. */
function checkNamed({ reader, last, resync }: Span): readonly Violation[] {
  if (resync?.from === undefined || resync.from === last) return [];
  const where = { session: reader.session, reader: reader.reader, connection: resync.connection };
  const message = `A resync names a gap after ${resync.from}, and the reader had ${last ?? 'nothing'}.`;
  return [violate('R2', message, where, [resync.from])];
}
