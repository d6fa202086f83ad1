import { decodeUtf8 } from './decode-utf8.ts';
import type { Frame } from './frame.ts';
import type { ParserOptions } from './parser-options.ts';
import { createTextReader } from './text-reader.ts';
import { WireError } from './wire-error.ts';

/** Reads one event stream as it comes, in chunks of any size. */
export interface Parser {
  /**
   * Reads the next chunk and calls back for all that it completes, before it returns.
   * @throws WireError with `event_too_large` or `line_too_long`, after the frames before it were handed over, and with
   * `parser_stopped` when called from a callback or after a call that threw.
   */
  push(chunk: Uint8Array | string): void;
  /** Begins a new stream: drops the unfinished event and keeps the last event ID, as a reconnect needs. */
  reset(): void;
  /** The stream's last event ID: what a reconnect sends as `Last-Event-ID`. */
  readonly lastEventId: string;
}

export interface PushParserOptions extends ParserOptions {
  /** Is called with each event. */
  readonly onFrame: (frame: Frame) => void;
}

/** Up to how long a chunk is held byte by byte until its line ends, and how much is held in all, in bytes. */
const SMALL = 64;
const HELD = 512;

const LF = 10;
const CR = 13;

/**
 * Creates a parser of the event-stream format (HTML, section 9.2.6). Small chunks are held until there is something to tell,
 * larger ones decoded up to their last whole character: cheaper than decoding them as a stream. An event that the stream
 * does not end is dropped.
 */
export function createParser(options: PushParserOptions): Parser {
  let reader = createTextReader(options);
  let { read } = reader;
  const held = new Uint8Array(HELD);
  let heldSize = 0;
  // Where the last line of what is held begins; -1 where that was read already.
  let lineAt = 0;
  let busy = false;

  function push(chunk: Uint8Array | string): void {
    if (busy) throw new WireError('parser_stopped');
    busy = true;
    if (typeof chunk === 'string') {
      readBytes(held, 0, heldSize, heldSize);
      read(chunk, chunk.length * 3);
      lineAt = -1;
    } else if (chunk.length <= SMALL && (heldSize > 0 || chunk[chunk.length - 1] !== LF)) gather(chunk);
    else {
      let at = 0;
      if (heldSize > 0) {
        // What is held may end within a character.
        while (at < 4 && isContinuation(chunk[at])) held[heldSize++] = chunk[at++] ?? 0;
        readBytes(held, 0, heldSize, heldSize);
      }
      readBytes(chunk, at, characterEnd(chunk, chunk.length), chunk.length);
      lineAt = -1;
    }
    busy = false;
  }

  // Holds bytes until there is something to tell: the lines of an event have all the time until its blank line.
  function gather(chunk: Uint8Array): void {
    let size = heldSize;
    let told = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      held[size++] = byte;
      if (byte === LF || byte === CR) {
        const first = held[lineAt];
        lineAt = size;
        // d, e and i
        if (first !== 100 && first !== 101 && first !== 105) told = size;
      }
    }
    heldSize = size;
    if (told > 0 || size > HELD - SMALL) {
      readBytes(held, 0, told || characterEnd(held, size), size);
      lineAt = told > 0 ? lineAt - told : -1;
    }
  }

  // Reads the bytes up to one index, and holds the others.
  function readBytes(bytes: Uint8Array, from: number, end: number, stop: number): void {
    read(decodeUtf8(bytes, from, end), end - from, bytes, from);
    heldSize = 0;
    for (let at = end; at < stop; at++) held[heldSize++] = bytes[at] ?? 0;
  }

  return {
    push,
    reset() {
      reader = createTextReader({ ...options, lastEventId: reader.lastEventId });
      ({ read } = reader);
      heldSize = lineAt = 0;
      busy = false;
    },
    get lastEventId() {
      return reader.lastEventId;
    },
  };
}

// The last place where surely no character is cut apart, at most four bytes before the end.
function characterEnd(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  while (at > end - 4 && isContinuation(bytes[at])) at--;
  return (bytes[at] ?? 0) >= 0xc0 ? at : end;
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
