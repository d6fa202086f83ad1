/**
 * The reasons of a WireError:
 * - `event_too_large`: the data of an event is over `maxEventBytes`;
 * - `line_too_long`: a line is over `maxLineBytes`;
 * - `parser_stopped`: push was called from a callback, or after a push that threw; create a new parser;
 * - `invalid_event`: an event name is not ASCII, has CR, LF or NUL, is empty, or comes without data;
 * - `invalid_id`: an id is not ASCII, or has CR, LF or NUL;
 * - `invalid_text`: data or a comment has half of a surrogate pair;
 * - `invalid_retry`: a retry is not a whole number from 0 to 2^53 - 1;
 * - `empty_frame`: there is nothing to encode.
 */
export type WireErrorCode =
  | 'event_too_large'
  | 'line_too_long'
  | 'parser_stopped'
  | 'invalid_event'
  | 'invalid_id'
  | 'invalid_text'
  | 'invalid_retry'
  | 'empty_frame';

/**
 * The error of a stream that exceeds a limit, of a misused parser, or of a frame that cannot be written.
 * `code` is the reason.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  declare readonly code: WireErrorCode;
  constructor(code: WireErrorCode) {
    super(`heddle/wire: ${code}`);
    this.code = code;
  }
}
