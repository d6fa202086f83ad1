import { memo } from 'react';
import type { ReactElement } from 'react';
import { strings } from '../strings/strings.ts';
import { BlockList } from './block-list.tsx';
import type { Note } from './nodes.ts';

/** Renders the called footnotes below the text. */
export function FootnotesView({ notes }: { readonly notes: readonly Note[] }): ReactElement | undefined {
  if (notes.length === 0) return undefined;
  return (
    <section className="footnotes">
      <h2 className="sr-only">{strings.footnotes}</h2>
      <ol>
        {notes.map((note) => (
          <NoteView key={note.id} note={note} version={note.version} />
        ))}
      </ol>
    </section>
  );
}

const NoteView = memo(function NoteView({
  note,
}: {
  readonly note: Note;
  readonly version: number;
}): ReactElement {
  return (
    <li dir="auto">
      <BlockList nodes={note.children} />
    </li>
  );
});
