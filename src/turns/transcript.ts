import { giveWay } from '../log/internal.ts';
import type { EventLog, Head } from '../log/index.ts';
import { emptyState, foldEntries, toSeq } from '../protocol/index.ts';
import type { SessionState } from '../protocol/index.ts';

/** A session's log, folded to its end. */
export interface Transcript {
  readonly state: SessionState;
  readonly head: Head;
  /** The seq up to which the log was trimmed. */
  readonly trimmed: number;
}

/**
 * Reads a log to its end, on from an earlier transcript if one is given. Resolves with undefined if there is
 * no such session.
 */
export async function readTranscript(
  log: EventLog,
  session: string,
  earlier?: Transcript,
): Promise<Transcript | undefined> {
  let state = earlier?.state ?? emptyState(session);
  let trimmed = earlier?.trimmed ?? 0;
  for (;;) {
    const page = await log.read(session, state.last, 1_000);
    if (page.type === 'missing') return undefined;
    if (page.type === 'gone') {
      // The folded entries were trimmed or lost meanwhile. Only the start of the log is certain.
      state = emptyState(session);
      continue;
    }
    if (page.base?.last !== undefined) trimmed = toSeq(page.base.last);
    state = foldEntries(page.base ?? state, page.entries);
    if (page.end || page.entries.length === 0) return { state, head: page.head, trimmed };
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
}
