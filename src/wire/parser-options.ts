import type { Frame } from './frame.ts';

export interface PushParserOptions extends ParserOptions {
  /** Is called with each event. */
  readonly onFrame: (frame: Frame) => void;
}
/** How a parser reads a stream, in every form: push, iteration and transform stream. */
export interface ParserOptions {
  /** Is called with each comment line: what stands behind the colon, unchanged. */
  readonly onComment?: ((text: string) => void) | undefined;
  /** Is called at each valid `retry` line, in milliseconds as the stream says: clamp before use. */
  readonly onRetry?: ((ms: number) => void) | undefined;
  /** Is called when a block with an `id` line ends, data or not, just before its frame. */
  readonly onId?: ((id: string) => void) | undefined;
  /** The last event ID to begin with: a resumed stream keeps the one it was resumed from. @default '' */
  readonly lastEventId?: string | undefined;
  /**
   * The largest data of one event, in bytes of UTF-8 (a U+FFFD for what is ill-formed has 3); each data line after the
   * first counts 6 bytes beside its value, for its `data:` and its end. @default 1048576
   */
  readonly maxEventBytes?: number | undefined;
  /**
   * The longest line of any kind without its end, in bytes of UTF-8. Of what comes in small chunks a line of an event is looked at with the event, or
   * up to 512 bytes later. One that goes on without end is refused, at the latest,
   * when it has as many UTF-16 units and 4 KiB more. @default 6 more (`data: `) than maxEventBytes, and at least 1048582
   */
  readonly maxLineBytes?: number | undefined;
  /**
   * Gives every string its own memory, so that a kept frame holds nothing of the chunk it came in. Without, engines keep
   * strings as views of the text of the whole chunk. @default false
   */
  readonly copy?: boolean | undefined;
}
