import type { Nodes } from 'mdast';
import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import type { Note, Table, Text } from './nodes.ts';
import { once, phrasingOf, tableOf } from './read-piece.ts';

/** The called footnotes in the order of their first calls, and the numbers that the calls show. */
export interface Footnotes {
  readonly notes: readonly Note[];
  readonly numbers: ReadonlyMap<string, number>;
}

export function toFootnotes(texts: readonly (Text | Table)[], notes: readonly Note[]): Footnotes {
  // The first footnote of an id counts.
  const byId = new Map(notes.toReversed().map((note) => [note.id, note]));
  const inside = Map.groupBy(texts, ({ note }) => note);
  const order = new Set<Note>();
  const collect = (note: Note | undefined): void => {
    for (const text of inside.get(note) ?? []) {
      for (const id of text.known.notes.length > 0 ? callsIn(text) : []) {
        const called = byId.get(id);
        if (called !== undefined) order.add(called);
      }
    }
  };
  collect(undefined);
  // A footnote may call others. They come after those of the text.
  for (const note of order) collect(note);
  const called = [...order];
  return { notes: called, numbers: new Map(called.map(({ id }, index) => [id, index + 1])) };
}

function callsIn({ type, pieces, known }: Text | Table): readonly string[] {
  return pieces.flatMap((piece) => (type === 'table' ? callsInRows : callsInPhrasing)(piece, known));
}

const callsInPhrasing = once((piece, known) => phrasingOf(piece, known).flatMap(callsUnder));
const callsInRows = once((piece, known) => [tableOf(piece, known) ?? []].flat().flatMap(callsUnder));

function callsUnder(node: Nodes): readonly string[] {
  if (node.type === 'footnoteReference') return [normalizeIdentifier(node.identifier)];
  return 'children' in node ? node.children.flatMap(callsUnder) : [];
}
