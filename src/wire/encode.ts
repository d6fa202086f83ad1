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

/**
 * Writes one frame as a whole block of an event stream, blank line included; lines end in LF, in the order comment, retry,
 * event, id, data. What a parser reads from it is what was given, with line ends as LF.
 * @throws WireError with `invalid_event`, `invalid_id`, `invalid_text`, `invalid_retry` or `empty_frame`.
 */
export function encode(frame: OutgoingFrame): string {
  const { comment, retry, event, id, data } = frame;
  let block = '';
  if (comment !== undefined) block = toLines(':', comment);
  if (retry !== undefined) {
    if (!Number.isSafeInteger(retry) || retry < 0) throw new WireError('invalid_retry');
    block += `retry: ${retry}\n`;
  }
  if (event !== undefined) {
    if (event === '' || data === undefined || !isPlain(event)) throw new WireError('invalid_event');
    block += `event: ${event}\n`;
  }
  if (id !== undefined) {
    if (!isPlain(id)) throw new WireError('invalid_id');
    block += `id: ${id}\n`;
  }
  if (data !== undefined) return `${block}${toLines('data: ', data)}\n`;
  if (block === '') throw new WireError('empty_frame');
  return `${block}\n`;
}

function toLines(prefix: string, text: string): string {
  if (!text.isWellFormed()) throw new WireError('invalid_text');
  // JSON never has a raw line end, so most payloads are written as they are.
  if (!text.includes('\n') && !text.includes('\r')) return `${prefix}${text}\n`;
  return `${prefix}${text.replace(lineEnds, `\n${prefix}`)}\n`;
}

// Line ends forge fields, NUL makes readers drop an id, and other than ASCII breaks several clients' Last-Event-ID header.
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code === 10 || code === 13 || code > 127) return false;
  }
  return true;
}
