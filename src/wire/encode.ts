import { WireError } from './wire-error.ts';

/** What one block of an event stream may carry; at least one member. */
export interface OutgoingFrame {
  /** Text that readers ignore: a keepalive. Stands right behind the colon, as parsers hand it on; may have several lines. */
  readonly comment?: string | undefined;
  /** How long a reader waits before it reconnects, in whole milliseconds. */
  readonly retry?: number | undefined;
  /** The event's name: ASCII without CR, LF or NUL; needs `data`, for without it no event is dispatched. */
  readonly event?: string | undefined;
  /** The id that a reader comes back with: ASCII without CR, LF or NUL; empty makes the reader forget its id. */
  readonly id?: string | undefined;
  /** The payload; every CR, LF and CRLF in it reaches the reader as one line feed. */
  readonly data?: string | undefined;
}

const lineEnds = /\r\n|\r|\n/g;
// Line ends forge fields, NUL makes readers drop an id, and other than ASCII breaks several clients' Last-Event-ID header.
const unsafe = /[\r\n\0]|\P{ASCII}/u;

/**
 * Writes one frame as a whole block of an event stream, blank line included; lines end in LF, in the order comment, retry,
 * event, id, data. What a parser reads from it is what was given, with line ends as LF.
 * @throws WireError with `invalid_event`, `invalid_id`, `invalid_text`, `invalid_retry` or `empty_frame`.
 */
export function encode(frame: OutgoingFrame): string {
  const { comment, retry, event, id, data } = frame;
  let block = comment === undefined ? '' : toLines(':', comment);
  if (retry !== undefined) block += toField('retry', retry, Number.isSafeInteger(retry) && retry >= 0);
  if (event !== undefined)
    block += toField('event', event, event !== '' && data !== undefined && !unsafe.test(event));
  if (id !== undefined) block += toField('id', id, !unsafe.test(id));
  if (data !== undefined) block += toLines('data: ', data);
  if (block === '') throw new WireError('empty_frame');
  return `${block}\n`;
}

function toField(name: 'retry' | 'event' | 'id', value: string | number, valid: boolean): string {
  if (!valid) throw new WireError(`invalid_${name}`);
  return `${name}: ${value}\n`;
}

function toLines(prefix: string, text: string): string {
  if (!text.isWellFormed()) throw new WireError('invalid_text');
  // JSON never has a raw line end, so most payloads are written as they are.
  if (!text.includes('\n') && !text.includes('\r')) return `${prefix}${text}\n`;
  return `${prefix}${text.replace(lineEnds, `\n${prefix}`)}\n`;
}
