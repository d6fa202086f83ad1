import type { Frame } from './frame.ts';

export interface PushParserOptions extends ParserOptions {
  /** Called with each event. */
  readonly onFrame: (frame: Frame) => void;
}
/** The options of a parser, for all its forms: push, iteration and transform stream. */
export interface ParserOptions {
  /** Called with each comment line: the text after the colon, unchanged. */
  readonly onComment?: ((text: string) => void) | undefined;
  /**
   * Called at each valid `retry` line with its milliseconds. The stream may send any number: clamp it before
   * use.
   */
  readonly onRetry?: ((ms: number) => void) | undefined;
  /** Called when a block with an `id` line ends, with or without data, just before its frame. */
  readonly onId?: ((id: string) => void) | undefined;
  /** The last event ID at the start. A resumed stream keeps the one that it was resumed from. @default '' */
  readonly lastEventId?: string | undefined;
  /**
   * The largest data of one event, in bytes of UTF-8. Each data line after the first counts 6 bytes more, for
   * its `data:` and its end. A U+FFFD for ill-formed bytes counts 3. @default 1048576
   */
  readonly maxEventBytes?: number | undefined;
  /**
   * The longest line of any kind without its end, in bytes of UTF-8. If chunks are small, a line of an event
   * is checked with the event, or up to 512 bytes later. A line that never ends is refused at the latest when
   * it has this many UTF-16 units and 4 KiB more.
   * @default 6 more (`data: `) than maxEventBytes, and at least 1048582
   */
  readonly maxLineBytes?: number | undefined;
  /**
   * Copies every string to its own memory, so a kept frame holds nothing of its chunk. Without it, engines
   * keep strings as views of the text of the whole chunk. @default false
   */
  readonly copy?: boolean | undefined;
}
