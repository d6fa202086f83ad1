import { emptyState } from '../protocol/index.ts';
import type { Base, PartialTranscript } from './transcript.ts';

/**
 * Returns the state before the first entry of a log. `kept` is a checkpoint that is of no use: the next save
 * replaces it.
 */
export function startOver(session: string, kept?: Pick<Base, 'tag' | 'count'>): PartialTranscript {
  const base = kept && { tag: kept.tag, count: kept.count, last: undefined, first: 0, size: 0, pages: [] };
  return { state: emptyState(session), trimmed: 0, base };
}
