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

/** How much is decoded at a time where lines are short, and gathered of one that has not ended, in bytes. */
const BLOCK = 4096;
/** How far back from the end of a block its last line end is looked for, in bytes. */
const LOOKBACK = 512;
/** How much is decoded at a time of a longer line, in bytes; and of one with which its chunk ends, where one string does. */
const PIECE = 65_536;
const LAST_PIECE = 16_777_216;
/** Up to how long a chunk that ends with a line is decoded at once, unseen, in bytes. */
const WHOLE = 16_384;
/** Up to how long a chunk is looked through and held byte by byte, in bytes: a view costs as much as to copy 40. */
const SMALL = 64;

const LF = 10;
const CR = 13;

const encoder = new TextEncoder();

/**
 * Creates a parser of the event-stream format (HTML, section 9.2.6). Bytes are held until their line ends and decoded in
 * whole lines: cheaper than decoding each chunk as a stream. An event that the stream does not end is dropped.
 */
export function createParser(options: PushParserOptions): Parser {
  const reader = createTextReader(options);
  const { read } = reader;
  // Decodes lines longer than a block as they come, and what follows them up to a chunk that ends with a line.
  let pieces: TextDecoder | undefined;
  let inPieces = false;
  const held = new Uint8Array(BLOCK);
  let heldSize = 0;
  // Where the last line of what is held begins.
  let lineAt = 0;
  let half = '';
  let busy = false;

  function push(chunk: Uint8Array | string): void {
    if (busy) throw new WireError('parser_stopped');
    busy = true;
    const bytes = typeof chunk === 'string' ? toBytes(chunk) : chunk;
    const size = bytes.length;
    if (!inPieces && heldSize === 0 && size <= WHOLE && bytes[size - 1] === LF) {
      // The common chunk: one event or a few, up to the end of a line, and nothing before it that waits.
      read(decodeUtf8(bytes, 0, size), bytes, 0, size);
    } else if (size <= SMALL && heldSize + size <= BLOCK) {
      gather(bytes);
    } else {
      pushBytes(bytes);
    }
    busy = false;
  }

  // Small chunks: bytes are held until something is to be told. The lines of an event have all the time until its blank line.
  function gather(chunk: Uint8Array): void {
    let size = heldSize;
    let told = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      held[size++] = byte;
      if (byte <= CR && isLineEnd(byte)) {
        const first = held[lineAt];
        // d, e and i, where the line has begun in what is held
        if (inPieces || (first !== 100 && first !== 101 && first !== 105)) told = size;
        lineAt = size;
      }
    }
    heldSize = size;
    if (told === 0) return;
    heldSize -= told;
    lineAt -= told;
    if (inPieces) readPiece(held, 0, told);
    else read(decodeUtf8(held, 0, told), held, 0, told);
    inPieces = false;
    for (let i = told; i < size; i++) held[i - told] = held[i] ?? 0;
  }

  function pushBytes(chunk: Uint8Array): void {
    const size = chunk.length;
    for (let at = 0, end; at < size; at = end) {
      const stop = Math.min(at + BLOCK - heldSize, size);
      end = inPieces ? 0 : lastLineEnd(chunk, Math.max(at, stop - LOOKBACK), stop);
      if (end > 0 && heldSize === 0) {
        read(decodeUtf8(chunk, at, end), chunk, at, end);
      } else if (end > 0) {
        hold(chunk.subarray(at, end));
        const whole = heldSize;
        heldSize = lineAt = 0;
        read(decodeUtf8(held, 0, whole), held, 0, whole);
      } else if (!inPieces && stop === size && size - at <= LOOKBACK) {
        end = size;
        hold(chunk.subarray(at));
      } else {
        const ends = isLineEnd(chunk[size - 1]);
        end = Math.min(at + (ends ? LAST_PIECE : PIECE), size);
        inPieces = true;
        const before = heldSize;
        heldSize = lineAt = 0;
        if (before > 0) readPiece(held, 0, before);
        readPiece(chunk, at, end);
        // Nothing of a character is left behind the end of a line.
        if (ends && end === size) inPieces = false;
      }
    }
  }

  function readPiece(bytes: Uint8Array, from: number, end: number): void {
    pieces ??= new TextDecoder('utf-8', { ignoreBOM: true });
    const piece = end - from === bytes.length ? bytes : bytes.subarray(from, end);
    read(pieces.decode(piece, { stream: true }), undefined, from, end);
  }

  function hold(bytes: Uint8Array): void {
    held.set(bytes, heldSize);
    heldSize += bytes.length;
  }

  // A pair of surrogates may be cut apart between two strings.
  function toBytes(text: string): Uint8Array {
    const whole = half + text;
    const end = whole.length - ((whole.charCodeAt(whole.length - 1) & 0xfc00) === 0xd800 ? 1 : 0);
    half = whole.slice(end);
    return encoder.encode(whole.slice(0, end));
  }

  return {
    push,
    reset() {
      reader.reset();
      pieces = undefined;
      inPieces = false;
      heldSize = lineAt = 0;
      half = '';
      busy = false;
    },
    get lastEventId() {
      return reader.lastEventId;
    },
  };
}

// Behind the last CR or LF from one index to another, or 0.
function lastLineEnd(chunk: Uint8Array, from: number, stop: number): number {
  for (let at = stop - 1; at >= from; at--) {
    const byte = chunk[at] ?? 0;
    if (byte <= CR && isLineEnd(byte)) return at + 1;
  }
  return 0;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
