import { giveWay } from '../log/internal.ts';
import type { Store } from '../log/index.ts';
import { foldEntries, reachesBack, toSeq } from '../protocol/index.ts';
import type { EntryId, SessionState } from '../protocol/index.ts';
import { countSaid, loadCheckpoint } from './load-checkpoint.ts';
import type { Part } from './load-checkpoint.ts';
import { startOver } from './start-over.ts';
import type { PartialTranscript, Transcript } from './transcript.ts';

/**
 * Reads a session to the end of its log: on from an earlier transcript if one is given, else from the
 * checkpoint, else from the start. Resolves with undefined if there is no such session.
 */
export async function readTranscript(
  store: Pick<Store, 'log' | 'checkpoints'>,
  session: string,
  part: Part = {},
  earlier?: Transcript,
): Promise<Transcript | undefined> {
  const { messages = Infinity } = part;
  let found = await readOnce(store, session, part, earlier);
  // An edit has left some of the messages that were loaded.
  for (let more = messages * 4; found && isShort(found.state, messages); more *= 4)
    found = await readOnce(store, session, { ...part, messages: more }, undefined);
  return found;
}

async function readOnce(
  { log, checkpoints }: Pick<Store, 'log' | 'checkpoints'>,
  session: string,
  part: Part,
  earlier: Transcript | undefined,
): Promise<Transcript | undefined> {
  let { state, trimmed, base }: PartialTranscript =
    earlier ?? (await loadCheckpoint(checkpoints, session, part)) ?? startOver(session);
  for (;;) {
    const page = await log.read(session, state.last, 1_000);
    if (page.type === 'missing') return undefined;
    if (page.type === 'gone') {
      // The folded entries were trimmed or lost meanwhile. Only the start of the log is certain.
      ({ state, trimmed, base } = startOver(session, base));
      continue;
    }
    if (page.base?.last !== undefined) trimmed = toSeq(page.base.last);
    if (reachesBack(state, page.entries)) return readOnce({ log, checkpoints }, session, {}, undefined);
    state = foldEntries(page.base ?? state, page.entries);
    if (page.end || page.entries.length === 0) return { state, head: page.head, trimmed, base };
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
}

/** Returns how many entries were folded in since the checkpoint. */
export function countBehind({ state, base }: Transcript): number {
  return seqOf(state.last) - seqOf(base?.last);
}

/**
 * Returns whether the log was trimmed since the checkpoint. The next reader would have to read the whole state
 * that replaces the trimmed entries.
 */
export function isTrimmed({ state, base, trimmed }: Transcript): boolean {
  return trimmed > 0 && seqOf(base?.last) <= trimmed && trimmed < seqOf(state.last);
}

/** Returns the seq of the last entry, or 0 before the first one. */
export function seqOf(last: EntryId | undefined): number {
  return last === undefined ? 0 : toSeq(last);
}

function isShort({ earlier, messages }: SessionState, wanted: number): boolean {
  return earlier === true && countSaid(messages) < wanted;
}
