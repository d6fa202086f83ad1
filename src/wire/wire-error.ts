/** Every way in which this door refuses: what the code means, in the words of its error. */
const meanings = {
  event_too_large: 'The data of an event is larger than maxEventBytes',
  line_too_long: 'A line other than data is longer than maxLineBytes',
  parser_stopped:
    'push was called from within a callback, or after a push that threw; reset begins a new stream',
  invalid_event: 'An event name must be ASCII without CR, LF or NUL, not empty, and come with data',
  invalid_id: 'An id must be ASCII without CR, LF or NUL',
  invalid_data: 'Data and comments must be well-formed Unicode',
  invalid_retry: 'A retry must be a whole number of milliseconds from 0 to 2^53 - 1',
  empty_frame: 'A frame needs at least one of comment, retry, event, id and data',
} as const;

export type WireErrorCode = keyof typeof meanings;

/** Refuses a stream that passes a limit, a misuse of a parser, or a frame that cannot be written; `code` says which. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  /** The limit that was passed, in bytes; only with `event_too_large` and `line_too_long`. */
  readonly limit: number | undefined;
  constructor(code: WireErrorCode, limit?: number) {
    super(limit === undefined ? `${meanings[code]}.` : `${meanings[code]} (${limit}).`);
    this.code = code;
    this.limit = limit;
  }
}
