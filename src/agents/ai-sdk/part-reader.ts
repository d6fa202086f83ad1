import { fieldsOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';

/** Reads the parts of an answer one by one, and can look at the next one. */
export interface PartReader {
  /** Resolves with the next part; with undefined at the end. Rejects if the stream breaks. */
  next(): Promise<Fields | undefined>;
  /** Resolves when the next part is there, or the end, or a break. It never rejects. */
  ahead(): Promise<void>;
  /** Returns the next part if it is there already. */
  peek(): Fields | undefined;
  /** Leaves the stream where it is. */
  leave(): void;
}

export function createPartReader(parts: AsyncIterable<unknown>): PartReader {
  const iterator = parts[Symbol.asyncIterator]();
  /** The read that was begun to look ahead, and what it found. */
  let begun: { readonly read: Promise<IteratorResult<unknown>>; found?: Fields } | undefined;
  return {
    async next() {
      const read = begun?.read ?? iterator.next();
      begun = undefined;
      const { done, value } = await read;
      return done === true ? undefined : fieldsOf(value);
    },
    async ahead() {
      const { read } = (begun ??= { read: iterator.next() });
      const look = begun;
      try {
        const { done, value } = await read;
        if (done !== true) look.found = fieldsOf(value);
      } catch {
        // The break is for the one that takes the part.
      }
    },
    peek: () => begun?.found,
    leave() {
      begun?.read.catch(() => {});
      void (async () => iterator.return?.())().catch(() => {});
    },
  };
}
