import type { Projected } from '../dialects/index.ts';
import { toSeq, toWireId } from '../protocol/index.ts';
import type { Entry, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';

/**
 * The frames of an entry that the client does not have, as text. The last one carries the bare id: then all of it was received. `session` stands in the ids
 * where the URL does not name it.
 */
export function toFrames(
  { id }: Entry,
  frames: readonly Projected[],
  session: string | undefined,
  has: WireId | undefined,
): string {
  const seq = toSeq(id);
  if (has !== undefined && (seq < has.seq || (seq === has.seq && has.frame === undefined))) return '';
  const from = has !== undefined && seq === has.seq ? (has.frame ?? 0) + 1 : 0;
  let text = '';
  for (let index = from; index < frames.length; index += 1) {
    const part = index === frames.length - 1 ? undefined : index;
    text += encode({ id: toWireId(id, part, session), ...frames[index] });
  }
  return text;
}
