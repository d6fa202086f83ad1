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
   * The largest data of one event, in bytes of UTF-8; each data line after the first counts 6 bytes beside its value
   * (`data:` and its end). @default 1048576
   */
  readonly maxEventBytes?: number | undefined;
  /** The longest value of an `event`, `id` or `retry` line, and of a comment where onComment is given, in bytes of UTF-8. @default 1048576 */
  readonly maxLineBytes?: number | undefined;
  /** Gives every string its own memory, so that a kept frame holds nothing of the chunk it came in. @default false */
  readonly copy?: boolean | undefined;
}
