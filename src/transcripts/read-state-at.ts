import { giveWay } from '../log/internal.ts';
import type { Store } from '../log/index.ts';
import { emptyState, foldEntries, toSeq } from '../protocol/index.ts';
import type { EntryId, SessionState } from '../protocol/index.ts';
import { loadCheckpoint } from './load-checkpoint.ts';
import { seqOf } from './read-transcript.ts';

/**
 * Reads the whole state of a session at an entry: on from the checkpoint if it is not newer, else from the
 * start of the log. Resolves with undefined if the entry is trimmed, or is not in the log.
 */
export async function readStateAt(
  { log, checkpoints }: Pick<Store, 'log' | 'checkpoints'>,
  session: string,
  id: EntryId,
): Promise<SessionState | undefined> {
  const end = toSeq(id);
  const kept = await loadCheckpoint(checkpoints, session, {});
  let state = kept !== undefined && seqOf(kept.state.last) <= end ? kept.state : emptyState(session);
  while (seqOf(state.last) < end) {
    const page = await log.read(session, state.last, 1_000);
    if (page.type === 'missing') return undefined;
    if (page.type === 'gone') {
      // The checkpoint is older than the start of the log, or does not fit it.
      state = emptyState(session);
      continue;
    }
    const from = page.base ?? state;
    if (page.entries.length === 0 && page.base === undefined) return undefined;
    state = foldEntries(
      from,
      page.entries.filter((entry) => toSeq(entry.id) <= end),
    );
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
  return state.last === id ? state : undefined;
}
