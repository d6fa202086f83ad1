import { createElement, memo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Known } from './known.ts';
import type { Text } from './nodes.ts';
import { phrasing } from './phrasing.tsx';
import type { Piece } from './piece.ts';
import { phrasingOf } from './read-piece.ts';

/** Renders a paragraph or a heading. */
export function TextView({
  text,
  isTight,
}: {
  readonly text: Text;
  readonly isTight: boolean;
}): ReactElement | undefined {
  const { pieces, known, task, depth } = text;
  // What holds link definitions only is nothing to see.
  if (pieces.length === 0 && depth === 0) return undefined;
  const read = pieces.map((piece, index) => (
    // Pieces keep their places; only the last one grows.
    // oxlint-disable-next-line react/no-array-index-key
    <PieceView key={index} piece={piece} known={known} isFirst={index === 0} />
  ));
  const content = task === undefined ? <>{read}</> : <Task isDone={task}>{read}</Task>;
  if (depth === 0 && isTight) return content;
  // A container has a direction of its own, and a paragraph in it one by style.
  const dir = text.parent?.type === 'root' ? 'auto' : undefined;
  return createElement(depth > 0 ? `h${depth}` : 'p', { dir }, content);
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
      <input type="checkbox" checked={isDone} disabled /> {children}
    </label>
  );
}

const PieceView = memo(function PieceView({
  piece,
  known,
  isFirst,
}: {
  readonly piece: Piece;
  readonly known: Known;
  readonly isFirst: boolean;
}): ReactElement {
  return (
    <>
      {!isFirst && /^\s/.test(piece.text) && ' '}
      {phrasing(phrasingOf(piece, known), known)}
    </>
  );
});
