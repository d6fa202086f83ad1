import { toFootnotes } from './footnotes.ts';
import type { Footnotes } from './footnotes.ts';
import { unknown } from './known.ts';
import type { TextDefinitions } from './known.ts';
import type { Table, Text } from './nodes.ts';
import { touch } from './tree.ts';
import type { Tree } from './tree.ts';

/**
 * Returns a function that sets `known` in each text of a tree, and touches only texts for which it changed.
 * Call it each time the tree has grown.
 */
export function createReferences({ texts, definitions, notes }: Tree): () => Footnotes {
  let targets: ReadonlyMap<string, string> = new Map();
  let noteIds: ReadonlyMap<string, true> = new Map();
  let footnotes = toFootnotes([], []);
  // Equal sets of definitions keep one identity.
  const byKey = new Map<string, TextDefinitions>([['', unknown]]);

  return () => {
    targets = kept(targets, new Map(definitions.toReversed().map(({ id, url }) => [id, url])));
    noteIds = kept(noteIds, new Map(notes.map(({ id }) => [id, true])));
    for (const text of texts) {
      const { asked, pieces } = text;
      if (asked?.pieces === pieces && asked.targets === targets && asked.noteIds === noteIds) continue;
      text.asked = { pieces, targets, noteIds };
      const known = knownTo(text);
      if (known !== text.known) touch(text);
      text.known = known;
    }
    if (noteIds.size + footnotes.notes.length > 0) {
      const found = toFootnotes(texts, notes);
      footnotes = { notes: found.notes, numbers: kept(footnotes.numbers, found.numbers) };
    }
    return footnotes;
  };

  function knownTo({ pieces }: Text | Table): TextDefinitions {
    if (targets.size + noteIds.size === 0) return unknown;
    const labels = [...new Set(pieces.flatMap((piece) => piece.labels))];
    const links = labels
      .filter((id) => targets.has(id))
      .map((id): [string, string] => [id, targets.get(id) ?? '']);
    const called = labels
      .filter((id) => id.startsWith('^') && noteIds.has(id.slice(1)))
      .map((id) => id.slice(1));
    const key = links.length + called.length === 0 ? '' : JSON.stringify([links, called]);
    const known = byKey.get(key) ?? {
      links: links.map(([id]) => id),
      targets: new Map(links),
      notes: called,
    };
    byKey.set(key, known);
    return known;
  }
}

/** Returns the earlier map when the new one holds the same. */
function kept<T>(before: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const same = before.size === now.size && [...now].every(([id, value]) => before.get(id) === value);
  return same ? before : now;
}
