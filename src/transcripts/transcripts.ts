import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { EntryId, SessionState } from '../protocol/index.ts';
import { createCache } from './cache.ts';
import type { Part } from './load-checkpoint.ts';
import { countBehind, isTrimmed, readTranscript } from './read-transcript.ts';
import { readStateAt } from './read-state-at.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import type { Transcript } from './transcript.ts';
import { pageBack, toWindow } from './window.ts';

/** The folded states of sessions, on any node. They cost what is new since the last checkpoint. */
export interface Transcripts {
  /**
   * Reads a session to the end of its log, on from an earlier transcript if one is given. Resolves with
   * undefined if there is no such session.
   */
  read(session: string, part?: Part, earlier?: Transcript): Promise<Transcript | undefined>;
  /** Reads the whole state if it has about `size` characters at most, else the state with its last messages. */
  brief(session: string, size: number): Promise<SessionState | undefined>;
  /**
   * Reads the state with its last messages, at least `messages` of them, or with those before a message of a
   * user. Resolves with `unknown` if no message in force has that name.
   */
  window(session: string, messages: number, before?: string): Promise<SessionState | 'unknown' | undefined>;
  /** Reads the whole state at an entry. Resolves with undefined if that entry is trimmed, or not in the log. */
  at(session: string, id: EntryId): Promise<SessionState | undefined>;
  /**
   * Saves a checkpoint of a transcript if enough was folded in since the last one, or if the last one was
   * trimmed, and returns the transcript on its new base. Returns undefined if another node saved one
   * meanwhile: the session must be read again.
   */
  keep(session: string, transcript: Transcript): Promise<Transcript | undefined>;
}

export interface TranscriptOptions {
  readonly store: Pick<Store, 'log' | 'checkpoints'>;
  /** Receives the errors of saves. They cost only time: the next reader folds more entries. */
  readonly onError: (error: unknown) => void;
}

/** The messages of a state that was asked for in brief. */
const briefMessages = 16;
/** After so many entries a turn's end is worth a checkpoint. */
const entriesAtEnd = 64;
/** After so many entries any reader saves one, so that no reader folds many more. */
const entriesAnywhere = 512;

/** Creates the access to the transcripts of a store. */
export function createTranscripts({ store, onError }: TranscriptOptions): Transcripts {
  const cache = createCache();
  const whole = new Map<string, Promise<void>>();

  const keep = async (
    session: string,
    transcript: Transcript,
    entries: number,
  ): Promise<Transcript | undefined> => {
    const isDue = countBehind(transcript) >= entries || isTrimmed(transcript);
    if (!isDue || transcript.head.kind === 'once') return transcript;
    try {
      const saved = await saveCheckpoint(store.checkpoints, session, transcript);
      if (saved === undefined) cache.delete(session);
      else cache.put(session, saved);
      return saved;
    } catch (error) {
      // A store that is out of reach or full shows in the appends.
      if (!(error instanceof RefusalError)) onError(error);
      return transcript;
    }
  };
  const find: Transcripts['read'] = async (session, part, earlier) => {
    const found = await readTranscript(store, session, part, earlier ?? cache.get(session));
    if (found === undefined) cache.delete(session);
    else cache.put(session, found);
    return found && ((await keep(session, found, entriesAnywhere)) ?? found);
  };
  /** Whole reads of one session come one after the other: the second finds the first one's in the cache. */
  const read: Transcripts['read'] = async (session, part = {}, earlier) => {
    if (earlier !== undefined || part.messages !== undefined) return find(session, part, earlier);
    const running = whole.get(session) ?? Promise.resolve();
    const next = running.then(() => find(session, part));
    const settled = next.then(
      () => {},
      () => {},
    );
    whole.set(session, settled);
    void settled.then(() => whole.get(session) === settled && whole.delete(session));
    return next;
  };

  return {
    read,
    async brief(session, size) {
      const found = await read(session, { messages: briefMessages, wholeUpTo: size });
      const isLong = (found?.base?.size ?? 0) > size;
      return found && isLong ? toWindow(found.state, briefMessages) : found?.state;
    },
    async window(session, messages, before) {
      for (let wanted = before === undefined ? messages : messages * 2; ; wanted *= 4) {
        const found = await read(session, { messages: wanted });
        if (found === undefined) return undefined;
        if (before === undefined) return toWindow(found.state, messages);
        const paged = pageBack(found.state, before, messages);
        const isEnough = paged !== undefined && (paged.messages.length >= messages || !paged.earlier);
        if (isEnough) return paged;
        if (!found.state.earlier) return paged ?? 'unknown';
      }
    },
    at: (session, id) => readStateAt(store, session, id),
    keep: (session, transcript) => keep(session, transcript, entriesAtEnd),
  };
}
