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
/** How much is decoded at a time within a longer line, in bytes. */
const PIECE = 65_536;
/** How far back from the end of a block its last line end is looked for, in bytes. */
const LOOKBACK = 512;
/** Up to how long a chunk that ends with a line is decoded at once, unseen, in bytes. */
const WHOLE = 16_384;
/** Up to how long such a chunk is decoded at once where it has long lines: far below the longest string of any engine. */
const LARGEST = 16_777_216;

/** Up to how long a chunk is looked through and held byte by byte, in bytes. */
const SMALL = 64;

const LF = 10;
const CR = 13;
const D = 100;
const E = 101;
const I = 105;
const BOM = [0xef, 0xbb, 0xbf] as const;

/**
 * Creates a parser of the event-stream format (HTML, section 9.2.6). Bytes are held until their line ends and decoded in
 * whole lines: cheaper than decoding each chunk as a stream. An event that the stream does not end is dropped.
 */
export function createParser(options: PushParserOptions): Parser {
  const reader = createTextReader(options, options.onFrame);
  const { read } = reader;
  // For lines longer than a block, which are decoded as they come.
  let pieces: TextDecoder | undefined;

  let held = new Uint8Array(0);
  let heldSize = 0;
  // Where the last line of what is held begins.
  let lineAt = 0;
  // How much of a BOM the stream began with; undefined once that is settled.
  let bom: number | undefined = 0;
  // Whether no BOM may come and no bytes wait: one look for the common case.
  let clear = false;
  let busy = false;

  function push(chunk: Uint8Array | string): void {
    if (busy) throw new WireError('parser_stopped');
    busy = true;
    // The common chunk: one event or a few, up to the end of a line, and nothing before it that waits.
    if (clear && typeof chunk !== 'string' && chunk.length <= WHOLE && chunk[chunk.length - 1] === LF) {
      read(decodeUtf8(chunk, 0, chunk.length), chunk.length, chunk, 0);
    } else {
      if (typeof chunk === 'string') pushText(chunk);
      else if (bom !== undefined) pushBytes(chunk, skipBom(chunk));
      else if (chunk.length <= SMALL && pieces === undefined && heldSize + chunk.length <= held.length)
        gather(chunk);
      else pushBytes(chunk, 0);
      clear = bom === undefined && heldSize === 0 && pieces === undefined;
    }
    busy = false;
  }

  // Small chunks: bytes are held until something is to be told. The lines of an event have all the time until its blank line.
  function gather(chunk: Uint8Array): void {
    const bytes = held;
    let size = heldSize;
    let told = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      bytes[size++] = byte;
      if (byte <= CR && isLineEnd(byte)) {
        const first = bytes[lineAt];
        if (first !== D && first !== E && first !== I) told = size;
        lineAt = size;
      }
    }
    heldSize = size;
    if (told === 0) return;
    heldSize = size - told;
    lineAt -= told;
    read(decodeUtf8(bytes, 0, told), told, bytes, 0);
    for (let i = told; i < size; i++) bytes[i - told] = bytes[i] ?? 0;
  }

  function pushBytes(chunk: Uint8Array, from: number): void {
    const size = chunk.length;
    let at = from;
    while (at < size) {
      const stop = Math.min(at + (pieces === undefined ? BLOCK - heldSize : PIECE), size);
      // Within a long line the next end is likely far, so that less is spent on looking for it.
      const lookback = pieces === undefined || reader.heldLength < LOOKBACK || size - at <= 64 ? LOOKBACK : 1;
      let end = lastLineEnd(chunk, Math.max(at, stop - lookback), stop);
      if (end === -1) {
        if (stop === size && size - at <= lookback) return hold(chunk, at, size);
        end = isLineEnd(chunk[size - 1]) && size - at <= LARGEST ? size : -1;
      }
      if (end === -1) {
        end = Math.min(at + PIECE, size);
        readPiece(chunk, at, end);
      } else {
        readLines(chunk, at, end);
      }
      at = end;
    }
  }

  function readLines(chunk: Uint8Array, from: number, end: number): void {
    if (pieces === undefined && heldSize === 0) {
      read(decodeUtf8(chunk, from, end), end - from, chunk, from);
    } else if (pieces === undefined && heldSize + end - from <= BLOCK) {
      hold(chunk, from, end);
      const size = heldSize;
      heldSize = lineAt = 0;
      read(decodeUtf8(held, 0, size), size, held, 0);
    } else {
      readPiece(chunk, from, end);
      // Nothing of a character is left behind the end of a line.
      pieces = undefined;
    }
  }

  function readPiece(chunk: Uint8Array, from: number, end: number): void {
    pieces ??= new TextDecoder('utf-8', { ignoreBOM: true });
    if (heldSize > 0) {
      const size = heldSize;
      heldSize = lineAt = 0;
      read(pieces.decode(held.subarray(0, size), { stream: true }), size, undefined, 0);
    }
    const piece = from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end);
    read(pieces.decode(piece, { stream: true }), end - from, undefined, 0);
  }

  function hold(chunk: Uint8Array, from: number, end: number): void {
    const size = heldSize + end - from;
    if (size > BLOCK) {
      return readPiece(chunk, from, end);
    }
    if (size > held.length) {
      const larger = new Uint8Array(Math.min(BLOCK, Math.max(256, size * 2)));
      larger.set(held.subarray(0, heldSize));
      held = larger;
    }
    if (end - from > 64) {
      held.set(chunk.subarray(from, end), heldSize);
    } else {
      // By hand: a view costs as much as copying 40 bytes.
      const target = held;
      for (let i = from, to = heldSize; i < end; i++, to++) target[to] = chunk[i] ?? 0;
    }
    heldSize = size;
  }

  function pushText(text: string): void {
    if (text === '') return;
    if (bom !== undefined && bom > 0) hold(new Uint8Array(BOM), 0, bom);
    if (heldSize > 0) readPiece(held, 0, 0);
    if (pieces !== undefined) read(pieces.decode(), 0, undefined, 0);
    pieces = undefined;
    read(bom === 0 && text.startsWith('\ufeff') ? text.slice(1) : text, undefined, undefined, 0);
    bom = undefined;
  }

  // Skips the one BOM that may stand before the first line, on bytes: decoders skip a second one when the first is split.
  function skipBom(chunk: Uint8Array): number {
    for (let at = 0; at < chunk.length; at++) {
      const seen = bom ?? 0;
      if (chunk[at] !== BOM[seen]) {
        bom = undefined;
        if (seen > at) hold(new Uint8Array(BOM), 0, seen);
        return seen > at ? at : 0;
      }
      bom = seen + 1;
      if (bom === 3) {
        bom = undefined;
        return at + 1;
      }
    }
    return chunk.length;
  }

  function reset(): void {
    reader.reset();
    pieces = undefined;
    heldSize = lineAt = 0;
    bom = 0;
    clear = false;
    busy = false;
  }

  return {
    push,
    reset,
    get lastEventId() {
      return reader.lastEventId;
    },
  };
}

// Behind the last CR or LF from one index to another, or -1.
function lastLineEnd(chunk: Uint8Array, from: number, stop: number): number {
  for (let at = stop - 1; at >= from; at--) {
    const byte = chunk[at] ?? 0;
    if (byte <= CR && isLineEnd(byte)) return at + 1;
  }
  return -1;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
