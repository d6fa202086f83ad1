import { WireError } from './wire-error.ts';

/** The fields of one block of an event stream. At least one must be set. */
export interface OutgoingFrame {
  /**
   * Text that readers ignore, as a keepalive. It is written right after the colon, and parsers return it
   * unchanged. It may have several lines.
   */
  readonly comment?: string | undefined;
  /** How long a reader waits before it reconnects, in whole milliseconds. */
  readonly retry?: number | undefined;
  /**
   * The event's name: ASCII without CR, LF or NUL, and not empty. It needs `data`, because readers dispatch
   * no event without data.
   */
  readonly event?: string | undefined;
  /**
   * The id that a reader sends when it reconnects: ASCII without CR, LF or NUL. An empty id makes the reader
   * forget its id.
   */
  readonly id?: string | undefined;
  /** The payload. The reader gets every CR, LF and CRLF in it as one line feed. */
  readonly data?: string | undefined;
}

const lineEnds = /\r\n|\r|\n/g;
// Line ends forge fields. A NUL makes readers drop an id. Non-ASCII characters break the Last-Event-ID header
// of several clients.
const unsafe = /[\r\n\0]|\P{ASCII}/u;

/**
 * Encodes one frame as a whole block of an event stream, with its blank line. Lines end in LF, in the order
 * comment, retry, event, id, data. A parser reads the same values from it, with line ends as LF.
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
  // JSON never has a raw line end, so most payloads are written unchanged.
  if (!text.includes('\n') && !text.includes('\r')) return `${prefix}${text}\n`;
  return `${prefix}${text.replace(lineEnds, `\n${prefix}`)}\n`;
}
