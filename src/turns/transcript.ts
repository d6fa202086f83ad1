import type { EventLog, Head } from '../log/index.ts';
import { emptyState, fold } from '../protocol/index.ts';
import type { SessionState } from '../protocol/index.ts';

/** A session's log folded up to its end. */
export interface Transcript {
  readonly state: SessionState;
  readonly head: Head;
}

/** Reads a log to its end, going on from an earlier transcript where one is given; undefined where there is no such session. */
export async function readTranscript(
  log: EventLog,
  session: string,
  earlier?: Transcript,
): Promise<Transcript | undefined> {
  let state = earlier?.state ?? emptyState(session);
  for (;;) {
    const page = await log.read(session, state.last, 1_000);
    if (page.type === 'missing') return undefined;
    if (page.type === 'gone') {
      // What was folded was trimmed or lost since: only the start of the log is sure.
      state = emptyState(session);
      continue;
    }
    if (page.entries.length === 0 && page.base === undefined) return { state, head: page.head };
    state = page.entries.reduce(fold, page.base ?? state);
  }
}
