import type { Ledger } from './ledger.ts';
import type { SpanView, Span } from './spans.ts';
import { violate } from './violation.ts';
import type { Violation } from './violation.ts';

/** Checks R4 and R9 for one reader: it sees what its log holds, and only what its principal may see. */
export function checkContent(spans: readonly Span[], ledger: Ledger): readonly Violation[] {
  return [...spans.flatMap(checkSpan), ...checkOwner(spans, ledger)];
}

function checkSpan({ reader, entries, resync }: Span): readonly Violation[] {
  // The resync reported that the reader's entries are no longer in the log. Its store lost them, so the
  // stream is not at fault.
  const wasToldOfLoss = resync?.reason === 'unknown' || resync?.reason === 'beyond';
  return entries.flatMap(({ standing, id, connection }) => {
    const where = { session: reader.session, reader: reader.reader, connection };
    if (standing === 'altered') return [violate('R4', `Entry ${id} is not as the log has it.`, where, [id])];
    if (standing === 'foreign')
      return [violate('R9', `Entry ${id} belongs to another principal.`, where, [id])];
    if (standing === 'phantom' && !wasToldOfLoss)
      return [violate('R4', `Entry ${id} is not in the log.`, where, [id])];
    return [];
  });
}

/** Checks whether the session belongs to the reader's principal. */
function checkOwner(spans: readonly Span[], ledger: Ledger): readonly Violation[] {
  const [first] = spans;
  if (first === undefined) return [];
  const { session, reader, principal } = first.reader;
  const log = ledger.logOf(session);
  const seen = spans.flatMap(({ entries }): readonly SpanView[] => entries);
  if (log === undefined || log.owner === principal || seen.length === 0) return [];
  const message = `${principal} reads a session of ${log.owner}.`;
  return [
    violate(
      'R9',
      message,
      { session, reader },
      seen.map(({ id }) => id),
    ),
  ];
}
