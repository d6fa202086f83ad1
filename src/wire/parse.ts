import type { Frame } from './frame.ts';
import { createParser } from './parser.ts';
import type { ParserOptions } from './parser-options.ts';

/** Chunks of one event stream: the body of a response, or any other source that yields them. */
export type ChunkSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/**
 * Parses a source and yields the frames that each chunk completes, in arrays that are never empty. This is
 * the fastest way to iterate. Leaving the loop cancels the source. To end it from outside, abort the source,
 * as `fetch` does with its signal. A last event without its blank line is dropped.
 * @throws WireError with `event_too_large` or `line_too_long`, after the frames before it; the source's own
 * errors.
 */
export async function* parseBatches(
  source: ChunkSource,
  options?: ParserOptions,
): AsyncGenerator<readonly Frame[], void, undefined> {
  const batch: Frame[] = [];
  const parser = createParser({ ...options, onFrame: (frame) => void batch.push(frame) });
  for await (const chunk of 'getReader' in source ? fromReader(source.getReader()) : source) {
    try {
      parser.push(chunk);
    } finally {
      // Also yields the frames before a limit was exceeded.
      if (batch.length > 0) yield batch.splice(0);
    }
  }
}

/**
 * Parses a source and yields its frames one by one. Leaving the loop cancels the source. To end it from
 * outside, abort the source, as `fetch` does with its signal. A last event without its blank line is dropped.
 * @throws WireError with `event_too_large` or `line_too_long`, after the frames before it; the source's own
 * errors.
 */
export async function* parse(
  source: ChunkSource,
  options?: ParserOptions,
): AsyncGenerator<Frame, void, undefined> {
  for await (const batch of parseBatches(source, options)) {
    for (const frame of batch) yield frame;
  }
}

// Some browsers cannot iterate streams.
function fromReader(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => reader.read(),
      return: async () => ({ done: true, value: await reader.cancel() }),
    }),
  };
}
