import type { Frame } from './frame.ts';
import { createParser, type Parser } from './parser.ts';
import type { ParserOptions } from './parser-options.ts';

/**
 * Creates a transform from the chunks of one event stream to its frames, for `response.body.pipeThrough(…)`.
 * If a limit is exceeded, the stream errors with a WireError, `event_too_large` or `line_too_long`.
 */
export function createParserStream(options: ParserOptions = {}): TransformStream<Uint8Array | string, Frame> {
  let parser: Parser | undefined;
  return new TransformStream<Uint8Array | string, Frame>({
    transform(chunk, controller) {
      parser ??= createParser({ ...options, onFrame: (frame) => controller.enqueue(frame) });
      parser.push(chunk);
    },
  });
}
