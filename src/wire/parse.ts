import type { Frame } from './frame.ts';
import { type ChunkSource, parseBatches, type ParseOptions } from './parse-batches.ts';

/**
 * Parses a source into its frames, one by one. Leaving the loop cancels the source.
 * A last event without its blank line is dropped.
 * @throws WireError with `event_too_large` or `line_too_long`, after the frames before it; the source's own errors; the signal's reason.
 */
export async function* parse(
  source: ChunkSource,
  options: ParseOptions = {},
): AsyncGenerator<Frame, void, undefined> {
  for await (const batch of parseBatches(source, options)) {
    for (const frame of batch) yield frame;
  }
}
