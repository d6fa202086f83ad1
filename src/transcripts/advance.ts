import { foldEntries, reachesBack, toSeq } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import { seqOf } from './read-transcript.ts';
import type { Transcript } from './transcript.ts';

/**
 * Folds entries into a transcript as far as each follows directly after the one before. The rest is in the log,
 * and the next read finds it there. So is an edit that reaches back to before the state.
 */
export function advance(transcript: Transcript, entries: readonly Entry[]): Transcript {
  const { state } = transcript;
  const last = seqOf(state.last);
  const gap = entries.findIndex(({ id }, index) => toSeq(id) !== last + 1 + index);
  const following = gap < 0 ? entries : entries.slice(0, gap);
  if (following.length === 0 || reachesBack(state, following)) return transcript;
  return { ...transcript, state: foldEntries(state, following) };
}
