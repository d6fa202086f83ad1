import type { Frame } from './frame.ts';
import { type ChunkSource, parseBatches } from './parse-batches.ts';
import type { ParserOptions } from './parser-options.ts';

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
