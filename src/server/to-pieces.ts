import type { Projection } from '../dialects/index.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import type { Piece } from './tail.ts';
import { toFrames } from './to-frames.ts';

/** UTF-16 units after which a piece ends: what a socket is given at a time. */
const pieceSize = 64 * 1024;

/** Projects and encodes entries; `before` is the entry they come behind. */
export function toPieces(
  entries: readonly Entry[],
  before: EntryId | undefined,
  projection: Projection,
  suffix: string | undefined,
): readonly Piece[] {
  const pieces: Piece[] = [];
  let after = before;
  let text = '';
  entries.forEach((entry, index) => {
    text += toFrames(entry, projection.project(entry), suffix, undefined);
    if (text.length < pieceSize && index < entries.length - 1) return;
    pieces.push({ after, last: entry.id, text });
    after = entry.id;
    text = '';
  });
  return pieces;
}
