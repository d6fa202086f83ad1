import { giveWay } from '../log/internal.ts';
import type { Checkpoints, LoadedCheckpoint } from '../log/index.ts';
import type { MessageState } from '../protocol/index.ts';
import { fromPageText, fromRecordText } from './record.ts';
import type { CheckpointRecord } from './record.ts';
import { startOver } from './start-over.ts';
import type { LoadedPage, PartialTranscript } from './transcript.ts';

/** The part of a state to read. Without `messages` it is the whole. */
export interface Part {
  /** How many of the last messages are needed, at least. Messages that wait or were withdrawn do not count. */
  readonly messages?: number | undefined;
  /** Reads the whole if its pages have no more characters than this. @default 0 */
  readonly wholeUpTo?: number | undefined;
}

/** The pages of one load. More would keep a store's thread busy for too long. */
const mostPages = 32;

/**
 * Loads the checkpoint of a session, with at least the part of the state that is asked for. Returns undefined
 * if none is kept. A damaged checkpoint, and one of another version, has a base without `last`.
 */
export async function loadCheckpoint(
  checkpoints: Checkpoints,
  session: string,
  part: Part,
): Promise<PartialTranscript | undefined> {
  for (;;) {
    const newest = await checkpoints.load(session, { last: part.messages === undefined ? mostPages : 4 });
    if (newest === undefined) return undefined;
    const record = fromRecordText(newest.record);
    if (record === undefined || record.state.session !== session) return startOver(session, newest);
    const pages: LoadedPage[] = [];
    const loaded = await loadPages(checkpoints, session, newest, toNeeded(record, part), pages);
    if (loaded === 'damaged') return startOver(session, newest);
    // Another node replaced it meanwhile.
    if (loaded === 'replaced') continue;
    const { tag, count } = newest;
    const base = {
      tag,
      last: record.state.last,
      count,
      first: count - pages.length,
      size: record.size,
      pages,
    };
    const messages = [...pages.flatMap((page) => page.messages), ...record.state.messages];
    const state = { ...record.state, messages, ...(base.first > 0 && { earlier: true as const }) };
    return { state, trimmed: record.trimmed, base };
  }
}

/** Returns how many messages were said in the conversation: those that wait or were withdrawn were not. */
export function countSaid(messages: readonly MessageState[]): number {
  return messages.filter((each) => each.role === 'agent' || each.status === 'started').length;
}

/** Returns how many messages the pages must have. The last turn is never in a page. */
function toNeeded(record: CheckpointRecord, { messages = Infinity, wholeUpTo = 0 }: Part): number {
  return record.size <= wholeUpTo ? Infinity : messages - countSaid(record.state.messages);
}

/** Adds pages in front of `pages` until they have enough messages, or are all. */
async function loadPages(
  checkpoints: Checkpoints,
  session: string,
  newest: LoadedCheckpoint,
  needed: number,
  pages: LoadedPage[],
): Promise<'all' | 'replaced' | 'damaged'> {
  let left = needed;
  for (let loaded: LoadedCheckpoint | undefined = newest; ;) {
    for (const text of loaded.pages.toReversed()) {
      if (left <= 0) return 'all';
      const messages = fromPageText(text);
      if (messages === undefined) return 'damaged';
      pages.unshift({ messages, size: text.length - 1 });
      left -= countSaid(messages);
      const turn = giveWay();
      if (turn !== undefined) await turn;
    }
    if (loaded.first === 0 || left <= 0) return 'all';
    loaded = await checkpoints.load(session, { last: mostPages, before: loaded.first });
    if (loaded?.tag !== newest.tag) return 'replaced';
  }
}
