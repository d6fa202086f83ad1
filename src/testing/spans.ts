import { fromWireId, toSeq } from '../protocol/index.ts';
import type { EntryId, ResyncReason } from '../protocol/index.ts';
import type { HistoryReader } from './history.ts';
import type { Ledger, Standing } from './ledger.ts';

/** The entries that a reader received between two resyncs. Within a span nothing may be missing. */
export interface Span {
  readonly reader: HistoryReader;
  /**
   * The place that the span continues from. Undefined if a resync did not give one; then the first entry sets
   * it.
   */
  readonly base: number | undefined;
  readonly entries: readonly SpanView[];
  /** The resync that ended the span. Undefined for the last span. */
  readonly resync?: { readonly reason: ResyncReason; readonly connection: string; readonly from?: EntryId };
  /** The last id that the reader had at the end of the span. */
  readonly last: EntryId | undefined;
}

export interface SpanView {
  readonly connection: string;
  readonly id: EntryId;
  readonly seq: number;
  readonly event: unknown;
  readonly standing: Standing;
}

/**
 * Splits what a reader received at its resyncs, and judges each entry. There is always a last span; it may be
 * empty.
 */
export function toSpans(reader: HistoryReader, ledger: Ledger): readonly Span[] {
  const spans: Span[] = [];
  let entries: SpanView[] = [];
  let last = reader.after;
  let base: number | undefined = last === undefined ? 0 : toSeq(last);
  for (const { connection, received } of reader.connections) {
    for (const { id: wireId, event } of received) {
      if (event.type === 'resync') {
        const { reason, from, state } = event;
        spans.push({
          reader,
          base,
          entries,
          last,
          resync: { reason, connection, ...(from !== undefined && { from }) },
        });
        entries = [];
        last = state ? state.last : last;
        base = state && (state.last === undefined ? 0 : toSeq(state.last));
      } else if (wireId !== undefined) {
        const id = fromWireId(wireId)?.id ?? wireId;
        const standing = ledger.judge(reader.session, id, event);
        entries.push({ connection, id, seq: toSeq(id), event, standing });
        last = id;
      }
    }
  }
  return [...spans, { reader, base, entries, last }];
}
