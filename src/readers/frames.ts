import type { BareFrame, Projection } from '../dialects/index.ts';
import { toSeq, toWireId } from '../protocol/index.ts';
import type { Entry, EntryId, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { Piece } from './tail.ts';

/** UTF-16 units after which a piece ends. A sink gets one piece at a time. */
const pieceSize = 64 * 1024;

/**
 * Encodes the frames of an entry that the client does not have. The last frame carries the bare id, which
 * means that the client has the whole entry. The ids carry `session` if the URL does not name it.
 */
export function toFrames(
  { id }: Entry,
  frames: readonly BareFrame[],
  session: string | undefined,
  has: WireId | undefined,
): string {
  let from = 0;
  if (has !== undefined) {
    const seq = toSeq(id);
    if (seq < has.seq || (seq === has.seq && has.frame === undefined)) return '';
    if (seq === has.seq) from = (has.frame ?? 0) + 1;
  }
  let text = '';
  for (let index = from; index < frames.length; index += 1) {
    const part = index === frames.length - 1 ? undefined : index;
    text += encode({
      id: toWireId(id, part, session),
      event: frames[index]?.event,
      data: frames[index]?.data,
    });
  }
  return text;
}

export interface PiecesOptions {
  /** The entry before the first one. */
  readonly before: EntryId | undefined;
  readonly projection: Projection;
  /** The session, which the ids carry if the URL does not name it. */
  readonly suffix: string | undefined;
  /** The last frame that the client has. */
  readonly has?: WireId | undefined;
}

/**
 * Projects and encodes entries, as pieces of a size that a sink can take. Each piece is made when it is asked
 * for.
 */
export function toPieces(entries: readonly Entry[], options: PiecesOptions): Iterable<Piece> {
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return generatePieces(entries, options);
  // Most entries come alone, and a generator costs more than a short text.
  const { before, projection, suffix, has } = options;
  return [{ after: before, last: entry.id, text: toFrames(entry, projection.project(entry), suffix, has) }];
}

function* generatePieces(
  entries: readonly Entry[],
  { before, projection, suffix, has }: PiecesOptions,
): Generator<Piece, void, undefined> {
  let after = before;
  let text = '';
  for (const [index, entry] of entries.entries()) {
    text += toFrames(entry, projection.project(entry), suffix, has);
    if (text.length < pieceSize && index < entries.length - 1) continue;
    yield { after, last: entry.id, text };
    after = entry.id;
    text = '';
  }
}
