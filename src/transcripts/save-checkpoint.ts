import type { Checkpoints } from '../log/index.ts';
import { mint } from '../protocol/internal.ts';
import { cutPages } from './cut-pages.ts';
import type { PageLimits } from './cut-pages.ts';
import { toRecordText } from './record.ts';
import type { LoadedPage, Transcript } from './transcript.ts';

/**
 * Saves the state of a transcript as the session's checkpoint: the pages that changed, and the record.
 * Returns the transcript on its new base. Returns undefined, and saves nothing, if another checkpoint was
 * saved meanwhile.
 */
export async function saveCheckpoint(
  checkpoints: Checkpoints,
  session: string,
  transcript: Transcript,
  limits?: PageLimits,
): Promise<Transcript | undefined> {
  const { state, trimmed, base } = transcript;
  const { first = 0, pages: before = [], size: sizeBefore = 0 } = base ?? {};
  const { kept, added, open } = await cutPages(state, before, limits);
  const size = sizeBefore - sizeOf(before.slice(kept)) + sizeOf(added);
  const { earlier: _, ...whole } = state;
  const tag = mint(12);
  const count = first + kept + added.length;
  const isSaved = await checkpoints.save(session, {
    was: base?.tag,
    tag,
    record: toRecordText({ state: { ...whole, messages: open }, trimmed, size }),
    count,
    pages: new Map(added.map(({ text }, index) => [first + kept + index, text])),
  });
  if (!isSaved) return undefined;
  const pages = [...before.slice(0, kept), ...added.map(({ messages, size }) => ({ messages, size }))];
  return { ...transcript, base: { tag, last: state.last, count, first, size, pages } };
}

function sizeOf(pages: readonly LoadedPage[]): number {
  return pages.reduce((sum, { size }) => sum + size, 0);
}
