import type { Frame } from './frame.ts';
import { createParser } from './parser.ts';
import type { ParserOptions } from './parser-options.ts';

/** Chunks of one event stream: a response's body, or anything else that yields them. */
export type ChunkSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

export interface ParseOptions extends ParserOptions {
  /** Ends the iteration with the signal's reason, also while it waits for a chunk, and cancels the source. */
  readonly signal?: AbortSignal | undefined;
}

interface ChunkIterator {
  next(): Promise<IteratorResult<Uint8Array | string, unknown>>;
  return?(): Promise<unknown>;
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
  const batch: Frame[] = [];
  const parser = createParser({ ...options, onFrame: (frame) => void batch.push(frame) });
  const chunks: ChunkIterator =
    'getReader' in source ? iterateReader(source.getReader()) : source[Symbol.asyncIterator]();

  // A promise a read, not one to race against: reactions would pile up on it for as long as the stream lives.
  let abandon: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => abandon?.(signal?.reason);
  signal?.addEventListener('abort', onAbort);

  let done: boolean | undefined;
  try {
    while (true) {
      signal?.throwIfAborted();
      const chunk = await new Promise<IteratorResult<Uint8Array | string, unknown>>((resolve, reject) => {
        abandon = reject;
        chunks.next().then(resolve, reject);
      });
      ({ done } = chunk);
      if (chunk.done) return;
      try {
        parser.push(chunk.value);
      } finally {
        // Also what came before a limit was passed.
        if (batch.length > 0) yield batch.splice(0);
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    if (!done) {
      // A generator that waits for its own source cannot return before that answers, so an abort does not wait for it.
      const stopped = Promise.resolve(chunks.return?.()).catch(() => {});
      if (!signal?.aborted) await stopped;
    }
  }
}

// By hand: not every browser iterates streams, and where they do, a pending read holds up the cancel.
function iterateReader(reader: ReadableStreamDefaultReader<Uint8Array>): ChunkIterator {
  return { next: () => reader.read(), return: () => reader.cancel() };
}
