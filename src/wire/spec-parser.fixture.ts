import type { Frame } from 'heddle/wire';

/** All values of a stream, as the specification defines them. */
export interface Reading {
  readonly frames: readonly Frame[];
  readonly comments: readonly string[];
  readonly retries: readonly number[];
  readonly lastEventId: string;
  /** The limit that ended the reading, if there was one. */
  readonly refused?: string | undefined;
}

/** The limits of the parser, as its options document them. */
export interface Limits {
  readonly maxEventBytes: number;
  readonly maxLineBytes: number;
}

/**
 * Parses a whole stream by the algorithm of HTML, sections 9.2.5 and 9.2.6, word by word and without regard
 * to speed. Tests compare the parser with it.
 */
export function parseBySpec(
  bytes: Uint8Array,
  limits: Limits = { maxEventBytes: Infinity, maxLineBytes: Infinity },
): Reading {
  // "Streams must be decoded using the UTF-8 decode algorithm", which strips one leading BOM.
  const text = new TextDecoder('utf-8').decode(bytes);
  const frames: Frame[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  let dataBuffer = '';
  let eventTypeBuffer = '';
  let lastEventIdBuffer = '';
  let lastEventIdString = '';
  let dataBytes = 0;
  let refused: string | undefined;

  // "Lines must be separated by either a CRLF pair, a single LF, or a single CR". The last piece has no end:
  // "any pending data must be discarded".
  for (const line of text.split(/\r\n|\n|\r/).slice(0, -1)) {
    if (Buffer.byteLength(line) > limits.maxLineBytes) refused = 'line_too_long';
    else if (line === '') dispatch();
    else if (line.startsWith(':')) comments.push(line.slice(1));
    else if (line.includes(':')) {
      const colon = line.indexOf(':');
      const value = line.slice(colon + 1);
      process(line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value);
    } else process(line, '');
    if (refused !== undefined) break;
  }
  return { frames, comments, retries, lastEventId: lastEventIdString, refused };

  function process(field: string, value: string): void {
    if (field === 'event') eventTypeBuffer = value;
    else if (field === 'data') {
      dataBytes += Buffer.byteLength(value) + (dataBuffer === '' ? 0 : 6);
      if (dataBytes > limits.maxEventBytes) refused = 'event_too_large';
      else dataBuffer += `${value}\n`;
    }
    if (field === 'id' && !value.includes('\0')) lastEventIdBuffer = value;
    else if (field === 'retry' && /^[0-9]+$/.test(value)) retries.push(Number(value));
  }

  function dispatch(): void {
    lastEventIdString = lastEventIdBuffer;
    if (dataBuffer === '') {
      eventTypeBuffer = '';
      return;
    }
    const data = dataBuffer.slice(0, -1);
    frames.push({ event: eventTypeBuffer === '' ? 'message' : eventTypeBuffer, data, id: lastEventIdString });
    dataBuffer = '';
    dataBytes = 0;
    eventTypeBuffer = '';
  }
}
