import type { Frame } from './frame.ts';
import { isData, isDataText, isEvent, isEventText, valueOf } from './field-prefix.ts';
import type { ParserOptions } from './parser-options.ts';
import { detach, own } from './own-text.ts';
import { utf8Length } from './utf8-length.ts';
import { WireError, type WireErrorCode } from './wire-error.ts';

/** The part of a parser that works on text: splits it into lines, reads their fields, dispatches frames (HTML, section 9.2.6). */
export interface TextReader {
  /**
   * Reads the next text of the stream, which came as `size` bytes, if that is known; a last line without its end is held.
   * Where the text is just what stands in `bytes` from `from` on, they are given too: plain ASCII is quicker looked at there.
   */
  read(text: string, size: number | undefined, bytes: Uint8Array | undefined, from: number): void;
  /** Forgets the unfinished event, and keeps the last event ID. */
  reset(): void;
  readonly lastEventId: string;
  /** How much of an unfinished line is held, in UTF-16 units. */
  readonly heldLength: number;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;
const D = 100;
const E = 101;
const I = 105;
const R = 114;

/** A frame's string may hold on to the text it was cut from: at most this much, or a text this many times its own length. */
const VIEWED = 65_536;
const VIEWED_TIMES = 8;

/** No name and colon and space is longer, so a longer part of a line tells what the line is. */
const LONGEST_PREFIX = 7;

export function createTextReader(options: ParserOptions, onFrame: (frame: Frame) => void): TextReader {
  const { onComment, onRetry, onId, copy = false } = options;
  const { maxEventBytes = 1_048_576, maxLineBytes = 1_048_576 } = options;

  // No unit of a string is more than three bytes, so no line of a text so short passes a limit.
  const shortText = Math.min(VIEWED, maxEventBytes / 3, maxLineBytes / 3);

  let lastEventId = options.lastEventId ?? '';
  let event = 'message';
  let id: string | undefined;
  let data = '';
  let dataLines = 0;
  let dataBytes = 0;
  let counted = false;

  // How many bytes more than units the current text, with what is held before it, may have come as.
  let extra = 0;

  // A line whose end has not come: its parts, or nothing where the line is of no interest.
  let parts: string[] = [];
  let heldLength = 0;
  let heldBytes = 0;
  let heldExtra = 0;
  let room: number | undefined;
  let ignoring = false;
  let skipLineFeed = false;
  // Whether any of this is so: one look for the common case.
  let unfinished = false;

  function read(text: string, size: number | undefined, bytes: Uint8Array | undefined, from: number): void {
    let at = 0;
    extra = size === undefined ? Infinity : size - text.length;
    if (unfinished) {
      at = finishLine(text, size);
      if (unfinished) return;
    }
    if (text.indexOf('\r', at) !== -1) at = readLines(text, at);
    else if (text.length > shortText) at = readLinesOfLf(text, at);
    else at = readShortLines(text, at, extra === 0 ? bytes : undefined, from);
    if (at < text.length) hold(text.slice(at), text.length - at);
  }

  // The common stream: no CR, short lines of three fields. One search a line, and hardly a call. Where each unit of the text
  // came as one byte, the bytes tell what a line is: an engine looks at a byte sooner than at a unit.
  function readShortLines(text: string, start: number, bytes: Uint8Array | undefined, from: number): number {
    let name = event;
    let at = start;
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      if (end === -1) break;
      const here = from + at;
      const first = bytes === undefined ? text.charCodeAt(at) : bytes[here];
      if (first === D && (bytes === undefined ? isDataText(text, at) : isData(bytes, here))) {
        const space = bytes === undefined ? text.charCodeAt(at + 5) : bytes[here + 5];
        const value = space === SPACE ? at + 6 : at + 5;
        const line = copy ? detach(text, value, end, bytes, from) : text.slice(value, end);
        if (dataLines === 0 && text.charCodeAt(end + 1) === LF) {
          at = end + 2;
          const frame: Frame = { event: name, data: line, id: id ?? lastEventId };
          name = event = 'message';
          if (id !== undefined) commitId();
          onFrame(frame);
          continue;
        }
        addData(line);
      } else if (first === E && (bytes === undefined ? isEventText(text, at) : isEvent(bytes, here))) {
        const space = bytes === undefined ? text.charCodeAt(at + 6) : bytes[here + 6];
        const value = space === SPACE ? at + 7 : at + 6;
        name = (copy ? detach(text, value, end, bytes, from) : text.slice(value, end)) || 'message';
      } else if (first === I && text.charCodeAt(at + 1) === D && text.charCodeAt(at + 2) === COLON) {
        const value = text.charCodeAt(at + 3) === SPACE ? at + 4 : at + 3;
        const given = copy ? detach(text, value, end, bytes, from) : text.slice(value, end);
        if (!given.includes('\0')) id = given;
      } else {
        event = name;
        readLine(text, at, end);
        name = event;
      }
      at = end + 1;
    }
    event = name;
    return at;
  }

  function readLinesOfLf(text: string, start: number): number {
    let at = start;
    for (;;) {
      const end = text.indexOf('\n', at);
      if (end === -1) return at;
      readLine(text, at, end);
      at = end + 1;
    }
  }

  function readLines(text: string, from: number): number {
    let at = from;
    let cr = text.indexOf('\r', at);
    let lf = text.indexOf('\n', at);
    for (;;) {
      const end = cr !== -1 && (lf === -1 || cr < lf) ? cr : lf;
      if (end === -1) return at;
      readLine(text, at, end);
      at = end + 1;
      if (end === cr) {
        at = afterReturn(text, at);
        cr = text.indexOf('\r', at);
      }
      // A search that found nothing, or something further on, is not made again: that would be quadratic.
      if (lf !== -1 && lf < at) lf = text.indexOf('\n', at);
    }
  }

  // A CR ends its line at once; a LF behind it, be it in the next text, belongs to it.
  function afterReturn(text: string, at: number): number {
    if (at === text.length) unfinished = skipLineFeed = true;
    return text.charCodeAt(at) === LF ? at + 1 : at;
  }

  function readLine(text: string, from: number, end: number): void {
    if (from === end) {
      if (dataLines > 0) dispatch(copy ? own(data) : data);
      else {
        commitId();
        event = 'message';
      }
      return;
    }
    let value: number;
    switch (text.charCodeAt(from)) {
      case D:
        if ((value = valueOf(text, from, end, 'data')) !== -1) addData(text.slice(value, end));
        return;
      case E:
        if ((value = valueOf(text, from, end, 'event')) !== -1)
          event = cutLine(text, value, end) || 'message';
        return;
      case I:
        if ((value = valueOf(text, from, end, 'id')) !== -1) {
          const given = cutLine(text, value, end);
          if (!given.includes('\0')) id = given;
        }
        return;
      case R:
        if ((value = valueOf(text, from, end, 'retry')) !== -1) {
          const digits = cutLine(text, value, end);
          if (onRetry !== undefined && /^[0-9]+$/.test(digits)) onRetry(Number(digits));
        }
        return;
      case COLON:
        if (onComment !== undefined) onComment(cutLine(text, from + 1, end));
    }
  }

  function addData(value: string): void {
    const size = counted ? utf8Length(value) : sizeAtMost(value);
    dataBytes += dataLines > 0 ? size + 6 : size;
    data = dataLines > 0 ? `${data}\n${value}` : value;
    dataLines++;
    if (dataBytes > maxEventBytes) countData();
    if (dataBytes > maxEventBytes) throw fail('event_too_large', maxEventBytes);
  }

  // Sizes are counted only where their bounds pass the limit, and then line by line, so that nothing is counted twice.
  function countData(): void {
    if (counted || dataLines === 0) return;
    counted = true;
    dataBytes = utf8Length(data) + (dataLines - 1) * 5;
  }

  // What came as so many bytes is no longer in UTF-8, unless ill-formed: a U+FFFD may stand for one byte and has three.
  function sizeAtMost(value: string): number {
    const most = value.length * 3;
    if (most <= maxEventBytes || value.length + extra >= most || value.includes('\ufffd')) return most;
    return value.length + extra;
  }

  function dispatch(value: string): void {
    const frame: Frame = { event, data: value, id: id ?? lastEventId };
    event = 'message';
    data = '';
    dataLines = 0;
    dataBytes = 0;
    counted = false;
    commitId();
    onFrame(frame);
  }

  function commitId(): void {
    if (id === undefined) return;
    lastEventId = id;
    id = undefined;
    onId?.(lastEventId);
  }

  function cutLine(text: string, from: number, end: number): string {
    const value = cut(text, from, end);
    if (value.length * 3 > maxLineBytes && utf8Length(value) > maxLineBytes)
      throw fail('line_too_long', maxLineBytes);
    return value;
  }

  function cut(text: string, from: number, end: number): string {
    const value = text.slice(from, end);
    return copy || (text.length > VIEWED && value.length * VIEWED_TIMES < text.length) ? own(value) : value;
  }

  function hold(part: string, bytes: number): void {
    unfinished = true;
    heldExtra += extra;
    if (ignoring) return;
    parts.push(part);
    const before = heldLength;
    heldLength += part.length;
    heldBytes += bytes;
    if (heldLength <= LONGEST_PREFIX) return;
    if (before <= LONGEST_PREFIX) room = roomFor(parts.join('').slice(0, LONGEST_PREFIX));
    if (room === undefined) {
      ignoring = true;
      parts = [];
    } else if (heldBytes > room) {
      const isData = parts.join('').startsWith('data');
      throw isData ? fail('event_too_large', maxEventBytes) : fail('line_too_long', maxLineBytes);
    }
  }

  // How many bytes a line that begins so may have; undefined where nobody asks for it, so that it need not be held.
  function roomFor(head: string): number | undefined {
    if (head.charCodeAt(0) === COLON) return onComment && 1 + maxLineBytes;
    let value = valueOf(head, 0, head.length, 'data');
    if (value !== -1) {
      countData();
      return value + maxEventBytes - dataBytes - (dataLines > 0 ? 6 : 0);
    }
    for (const name of ['event', 'id', 'retry']) {
      value = valueOf(head, 0, head.length, name);
      if (value !== -1) return value + maxLineBytes;
    }
    return undefined;
  }

  // Takes up what the last text left, and says where the next line begins.
  function finishLine(text: string, size: number | undefined): number {
    if (text === '') return 0;
    if (skipLineFeed) {
      skipLineFeed = unfinished = false;
      return text.charCodeAt(0) === LF ? 1 : 0;
    }
    const end = firstLineEnd(text);
    if (end === -1) {
      hold(text, size ?? text.length);
      return 0;
    }
    parts.push(text.slice(0, end));
    const after = extra;
    extra += heldExtra;
    const line = ignoring ? undefined : parts.join('');
    ignoring = unfinished = false;
    parts = [];
    heldLength = 0;
    heldBytes = 0;
    heldExtra = 0;
    if (line !== undefined) readLine(line, 0, line.length);
    extra = after;
    return text.charCodeAt(end) === CR ? afterReturn(text, end + 1) : end + 1;
  }

  function fail(code: WireErrorCode, limit: number): WireError {
    reset();
    return new WireError(code, limit);
  }

  function reset(): void {
    event = 'message';
    id = undefined;
    data = '';
    dataLines = 0;
    dataBytes = 0;
    counted = false;
    parts = [];
    heldLength = 0;
    heldBytes = 0;
    heldExtra = 0;
    ignoring = false;
    skipLineFeed = false;
    unfinished = false;
  }

  return {
    read,
    reset,
    get lastEventId() {
      return lastEventId;
    },
    get heldLength() {
      return heldLength;
    },
  };
}

function firstLineEnd(text: string): number {
  const lf = text.indexOf('\n');
  const cr = text.indexOf('\r');
  return lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
}
