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

/** What is gathered of a line before it is decoded, and decoded at a time of longer chunks, in bytes. */
const BLOCK = 4096;
/** How far back from the end of a block its last line end is looked for. */
const LOOKBACK = 512;

const LF = 10;
const CR = 13;
const BOM = [0xef, 0xbb, 0xbf] as const;

/**
 * Creates a parser of the event-stream format (HTML, section 9.2.6). Bytes are held until their line ends and decoded in
 * whole lines: cheaper than decoding each chunk as a stream. An event that the stream does not end is dropped.
 */
export function createParser(options: PushParserOptions): Parser {
  const reader = createTextReader(options, options.onFrame);
  const lines = new TextDecoder('utf-8', { ignoreBOM: true });
  // For lines longer than a block, which are decoded as they come.
  let pieces: TextDecoder | undefined;

  let held = new Uint8Array(0);
  let heldSize = 0;
  // How much of a BOM the stream began with; undefined once that is settled.
  let bom: number | undefined = 0;
  let busy = false;

  function push(chunk: Uint8Array | string): void {
    if (busy) throw new WireError('parser_stopped');
    busy = true;
    if (typeof chunk === 'string') pushText(chunk);
    else if (isWhole(chunk)) reader.read(lines.decode(chunk), chunk.length);
    else pushBytes(chunk, bom === undefined ? 0 : skipBom(chunk));
    busy = false;
  }

  // The common chunk: one event or a few, up to the end of a line, and nothing before it that waits.
  function isWhole(chunk: Uint8Array): boolean {
    const size = chunk.length;
    return (
      bom === undefined && heldSize === 0 && pieces === undefined && size <= BLOCK && chunk[size - 1] === LF
    );
  }

  function pushBytes(chunk: Uint8Array, from: number): void {
    const size = chunk.length;
    let at = from;
    while (at < size) {
      let stop = Math.min(at + BLOCK - heldSize, size);
      let end = -1;
      if (pieces === undefined || size - at <= LOOKBACK) {
        end = lastLineEnd(chunk, at, stop);
        if (end === -1 && stop - at <= LOOKBACK && stop === size) return hold(chunk, at, size);
      } else stop = 0;
      if (end === -1 && stop < size) end = lastLineEnd(chunk, stop === 0 ? size - 1 : at, size);
      if (end === -1) return readPiece(chunk, at);
      readLines(chunk, at, end);
      at = end;
    }
  }

  function readLines(chunk: Uint8Array, from: number, end: number): void {
    if (pieces === undefined && heldSize + end - from <= BLOCK && heldSize > 0) {
      hold(chunk, from, end);
      const block = held.subarray(0, heldSize);
      heldSize = 0;
      reader.read(lines.decode(block), block.length);
      return;
    }
    if (heldSize > 0) readHeldPiece();
    const block = from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end);
    const decoder = pieces ?? lines;
    pieces = undefined;
    reader.read(decoder.decode(block), block.length);
  }

  function readPiece(chunk: Uint8Array, from: number): void {
    if (heldSize > 0) readHeldPiece();
    pieces ??= new TextDecoder('utf-8', { ignoreBOM: true });
    reader.read(
      pieces.decode(from === 0 ? chunk : chunk.subarray(from), { stream: true }),
      chunk.length - from,
    );
  }

  function readHeldPiece(): void {
    const piece = held.subarray(0, heldSize);
    heldSize = 0;
    pieces ??= new TextDecoder('utf-8', { ignoreBOM: true });
    reader.read(pieces.decode(piece, { stream: true }), piece.length);
  }

  function hold(chunk: Uint8Array, from: number, end: number): void {
    const size = heldSize + end - from;
    if (size > BLOCK) {
      readHeldPiece();
      return hold(chunk, from, end);
    }
    if (size > held.length) {
      const larger = new Uint8Array(Math.min(BLOCK, Math.max(256, size * 2)));
      larger.set(held.subarray(0, heldSize));
      held = larger;
    }
    if (end - from > 64) held.set(chunk.subarray(from, end), heldSize);
    else for (let i = from; i < end; i++) held[heldSize + i - from] = chunk[i] ?? 0;
    heldSize = size;
  }

  function pushText(text: string): void {
    if (text === '') return;
    if (bom !== undefined && bom > 0) hold(new Uint8Array(BOM), 0, bom);
    if (heldSize > 0 || pieces !== undefined) {
      if (heldSize > 0) readHeldPiece();
      reader.read(pieces?.decode() ?? '', 0);
      pieces = undefined;
    }
    reader.read(bom === 0 && text.startsWith('\ufeff') ? text.slice(1) : text, text.length);
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
    heldSize = 0;
    bom = 0;
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

// Behind the last CR or LF before `stop`, or -1 where none is near; the first byte of a window counts too.
function lastLineEnd(chunk: Uint8Array, from: number, stop: number): number {
  const first = Math.max(from, stop - LOOKBACK);
  for (let at = stop - 1; at >= first; at--) {
    const byte = chunk[at];
    if (byte === LF || byte === CR) return at + 1;
  }
  return -1;
}
