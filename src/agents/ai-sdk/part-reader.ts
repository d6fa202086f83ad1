import { fieldsOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';

/** Reads the parts of an answer one by one, and can look at the next one. */
export interface PartReader {
  /**
   * Resolves with the next part; with undefined at the end, or after a cancel. Rejects if the stream breaks.
   */
  next(): Promise<Fields | undefined>;
  /** Resolves when the next part is there, or the end, or a break. It never rejects. */
  ahead(): Promise<void>;
  /** Returns the next part if it is there already. */
  peek(): Fields | undefined;
  /** Leaves the stream where it is. */
  leave(): void;
}

/**
 * Starts to read. When the signal aborts, the end comes at once: version 6 ends its stream only when its
 * tools have ended.
 */
export function createPartReader(parts: AsyncIterable<unknown>, signal: AbortSignal): PartReader {
  const iterator = parts[Symbol.asyncIterator]();
  /** The read that was begun to look ahead, and what it found. */
  let begun: { readonly read: Promise<Read>; found?: Fields } | undefined;
  let onAbort = (): void => {};
  signal.addEventListener('abort', () => onAbort(), { once: true });

  const read = (): Promise<Read> =>
    new Promise((resolve, reject) => {
      onAbort = () => resolve(over);
      if (signal.aborted) onAbort();
      else Promise.resolve(iterator.next()).then(resolve, reject);
    });

  return {
    async next() {
      const next = begun?.read ?? read();
      begun = undefined;
      const { done, value } = await next;
      return done === true ? undefined : fieldsOf(value);
    },
    async ahead() {
      const look = (begun ??= { read: read() });
      try {
        const { done, value } = await look.read;
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

type Read = IteratorResult<unknown, unknown>;

const over: Read = { done: true, value: undefined };
