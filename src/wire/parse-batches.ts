import type { Frame } from './frame.ts';
import { createParser } from './parser.ts';
import type { ParserOptions } from './parser-options.ts';

/** Chunks of one event stream: a response's body, or anything else that yields them. */
export type ChunkSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

export interface ParseOptions extends ParserOptions {
  /** Ends the iteration with the signal's reason, also while it waits for a chunk, and cancels the source. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Parses a source into the frames that each chunk completes, in arrays that are never empty: the fastest way to iterate.
 * Leaving the loop cancels the source. A last event without its blank line is dropped.
 * @throws WireError with `event_too_large` or `line_too_long`, after the frames before it; the source's own errors; the signal's reason.
 */
export async function* parseBatches(
  source: ChunkSource,
  options: ParseOptions = {},
): AsyncGenerator<readonly Frame[], void, undefined> {
  const { signal } = options;
  let batch: Frame[] = [];
  const parser = createParser({ ...options, onFrame: (frame) => void batch.push(frame) });
  const chunks = 'getReader' in source ? iterateReader(source.getReader()) : source[Symbol.asyncIterator]();

  // A promise a read, not one to race against: reactions would pile up on it for as long as the stream lives.
  let abandon: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => abandon?.(signal?.reason);
  signal?.addEventListener('abort', onAbort);

  let done = false;
  try {
    while (true) {
      signal?.throwIfAborted();
      const chunk = await new Promise<IteratorResult<Uint8Array | string>>((resolve, reject) => {
        abandon = reject;
        chunks.next().then(resolve, reject);
      });
      done = chunk.done === true;
      if (chunk.done === true) return;
      let failure: { readonly error: unknown } | undefined;
      try {
        parser.push(chunk.value);
      } catch (error) {
        failure = { error };
      }
      if (batch.length > 0) {
        const full = batch;
        batch = [];
        yield full;
      }
      if (failure !== undefined) throw failure.error;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    if (!done) {
      // A generator that waits for its own source cannot return before that answers, so an abort does not wait for it.
      const stopped = Promise.resolve(chunks.return?.()).catch(() => {});
      if (signal?.aborted !== true) await stopped;
    }
  }
}

// By hand: not every browser iterates streams, and where they do, a pending read holds up the cancel.
function iterateReader(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncIterator<Uint8Array, undefined> {
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
