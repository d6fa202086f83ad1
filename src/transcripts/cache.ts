import type { Transcript } from './transcript.ts';

/** The whole transcripts of long conversations that were read last. Each costs a long load otherwise. */
export interface TranscriptCache {
  get(session: string): Transcript | undefined;
  put(session: string, transcript: Transcript): void;
  delete(session: string): void;
}

/** The characters of a conversation that is worth its place. A shorter one is loaded as fast. */
const leastSize = 128 * 1024;
/** The characters of all conversations in the cache. In memory a conversation takes two to three times that. */
const mostSize = 16 * 1024 * 1024;

/** Creates an empty cache. It forgets the conversations that were not used for the longest time. */
export function createCache(): TranscriptCache {
  const kept = new Map<string, Transcript>();
  let size = 0;

  const remove = (session: string): void => {
    size -= kept.get(session)?.base?.size ?? 0;
    kept.delete(session);
  };

  return {
    get(session) {
      const found = kept.get(session);
      if (found !== undefined) {
        kept.delete(session);
        kept.set(session, found);
      }
      return found;
    },
    put(session, transcript) {
      const { state, base } = transcript;
      // A part does not replace the whole, from which any later read can go on.
      if (state.earlier) return;
      remove(session);
      if (base === undefined || base.size < leastSize || base.size > mostSize) return;
      kept.set(session, transcript);
      size += base.size;
      for (const oldest of kept.keys()) {
        if (size <= mostSize) return;
        remove(oldest);
      }
    },
    delete: remove,
  };
}
