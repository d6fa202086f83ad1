import type { BareFrame, Projection } from '../dialects/index.ts';
import { toWireId } from '../protocol/index.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { ChannelKey } from './channel-key.ts';
import type { ClientFrames } from './client-frames.ts';
import type { Piece } from './tail.ts';

/** UTF-16 units after which a piece ends. A sink gets one piece at a time. */
const pieceSize = 64 * 1024;

/** The form of the ids of a stream's frames; undefined if its frames have no ids. */
export type IdForm =
  | {
      /** The session, which the ids carry if the URL does not name it. */
      readonly suffix: string | undefined;
    }
  | undefined;

const bare: IdForm = { suffix: undefined };

/** Returns the form of the ids of a stream. */
export function toIdForm({ session, dialect, scope }: ChannelKey): IdForm {
  if (dialect.plain) return undefined;
  return scope === 'turn' ? { suffix: session } : bare;
}

/**
 * Encodes the frames of an entry that the client does not have. The last frame carries the bare id, which
 * means that the client has the whole entry.
 */
export function toFrames(
  { id }: Entry,
  frames: readonly BareFrame[],
  ids: IdForm,
  has: ClientFrames | undefined,
): string {
  let text = '';
  for (let index = has?.take(id, frames.length) ?? 0; index < frames.length; index += 1) {
    const part = index === frames.length - 1 ? undefined : index;
    const frame = frames[index];
    text += encode({
      id: frame?.id ?? (ids && toWireId(id, part, ids.suffix)),
      event: frame?.event,
      data: frame?.data,
    });
  }
  return text;
}

export interface PiecesOptions {
  /** The entry before the first one. */
  readonly before: EntryId | undefined;
  readonly projection: Projection;
  readonly ids: IdForm;
  /** The frames that the client has. */
  readonly has: ClientFrames | undefined;
}

/**
 * Projects and encodes entries, as pieces of a size that a sink can take. Each piece is made when it is asked
 * for. Nothing follows the entry with which the stream is over.
 */
export function toPieces(entries: readonly Entry[], options: PiecesOptions): Iterable<Piece> {
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return generatePieces(entries, options);
  // Most entries come alone, and a generator costs more than a short text.
  const { before, projection, ids, has } = options;
  return [{ after: before, last: entry.id, text: toFrames(entry, projection.project(entry), ids, has) }];
}

function* generatePieces(
  entries: readonly Entry[],
  { before, projection, ids, has }: PiecesOptions,
): Generator<Piece, void, undefined> {
  let after = before;
  let text = '';
  for (const [index, entry] of entries.entries()) {
    text += toFrames(entry, projection.project(entry), ids, has);
    const isLast = projection.over || index === entries.length - 1;
    if (text.length < pieceSize && !isLast) continue;
    yield { after, last: entry.id, text };
    if (isLast) return;
    after = entry.id;
    text = '';
  }
}
