import { createElement, memo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { TextDefinitions } from './known.ts';
import type { Text } from './nodes.ts';
import { phrasing } from './phrasing.tsx';
import type { TextPiece } from './piece.ts';
import { phrasingOf } from './read-piece.ts';

/** Renders a paragraph or a heading. */
export function ParagraphView({
  text,
  isTight,
}: {
  readonly text: Text;
  readonly isTight: boolean;
}): ReactElement | undefined {
  const { pieces, known, task, depth, rank } = text;
  // A paragraph of link definitions only shows nothing.
  if (pieces.length === 0 && depth === 0) return undefined;
  const read = <Pieces pieces={pieces} known={known} />;
  const content = task === undefined ? read : <Task isDone={task}>{read}</Task>;
  if (depth === 0 && isTight) return content;
  // Inside a container, CSS sets the direction of a paragraph.
  const dir = text.parent?.type === 'root' ? 'auto' : undefined;
  const all = task === undefined ? (textOf(text) ?? content) : content;
  if (depth === 0) return <p dir={dir}>{all}</p>;
  // The page itself has the h1. `data-depth` sets the look to the depth in the text.
  return createElement(`h${Math.min(rank + 1, 6)}`, { dir, 'data-depth': depth }, all);
}

/** Returns the words of a text that is words only and short enough to be read at once. */
function textOf({ pieces: [first, ...others], known }: Text): string | undefined {
  const read = first && others.length === 0 ? phrasing(phrasingOf(first, known), known) : undefined;
  return typeof read === 'string' ? read : undefined;
}

function Pieces({ pieces, known }: Pick<Text, 'pieces' | 'known'>): readonly ReactElement[] {
  return pieces.map((piece, index) => (
    // Pieces keep their index; only the last one grows.
    // oxlint-disable-next-line react/no-array-index-key
    <PieceView key={index} piece={piece} known={known} isFirst={index === 0} />
  ));
}

function Task({
  isDone,
  children,
}: {
  readonly isDone: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <label>
      <input type="checkbox" checked={isDone} disabled />
      <span> </span>
      {children}
    </label>
  );
}

const PieceView = memo(function PieceView({
  piece,
  known,
  isFirst,
}: {
  readonly piece: TextPiece;
  readonly known: TextDefinitions;
  readonly isFirst: boolean;
}): ReactElement {
  const read = phrasing(phrasingOf(piece, known), known);
  return (
    <>
      {!isFirst && /^\s/.test(piece.text) && <span> </span>}
      {typeof read === 'string' ? <span>{read}</span> : read}
    </>
  );
});
