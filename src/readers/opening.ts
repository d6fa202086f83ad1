import { toSeq, toWireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { Beginning } from './catch-up.ts';
import { toFrames, toIdForm } from './frames.ts';
import type { ReaderOptions } from './reader-options.ts';

/** The text of the entries that a stream begins with, and the position where its reading goes on. */
export interface Opening {
  readonly text: string;
  readonly from: Beginning;
}

/**
 * Projects the entries of a request. Entries before the exchange are left out. Returns undefined if the
 * stream cannot begin with the others.
 */
export function toOpening(options: ReaderOptions): Opening | undefined {
  const { dialect, scope, after, skip = 0, preface, opening = [] } = options;
  const from = typeof scope === 'object' && scope.from !== undefined ? toSeq(scope.from) : 0;
  const entries = opening.filter(({ id }) => toSeq(id) > from);
  const begun = entries.at(-1)?.id;
  const isNext = entries[0] !== undefined && toSeq(entries[0].id) === from + 1;
  if (begun === undefined || !isNext || after !== undefined || skip > 0 || preface !== undefined)
    return undefined;
  const projection = dialect.open({ scope });
  const ids = toIdForm(options);
  const text = entries.map((entry) => toFrames(entry, projection.project(entry), ids, undefined)).join('');
  // If the dialect has no frame for these entries, a block with only an id still names the session. Clients
  // keep such an id and dispatch no event.
  const idOnly = ids === undefined ? '' : encode({ id: toWireId(begun, undefined, ids.suffix) });
  return { text: text || idOnly, from: { begun, projection } };
}
