import type { Frame } from './frame.ts';
import type { ParserOptions } from './parser-options.ts';
import { utf8Length } from './utf8-length.ts';
import { WireError, type WireErrorCode } from './wire-error.ts';

/** The part of a parser that works on text: splits it into lines, reads their fields, dispatches frames (HTML, section 9.2.6). */
export interface TextReader {
  /** Reads the next text of the stream, which came as so many bytes; a last line without its end is held for the next call. */
  read(text: string, bytes: number): void;
  /** Forgets the unfinished event, and keeps the last event ID. */
  reset(): void;
  readonly lastEventId: string;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

/** A frame's string may hold on to the text it was cut from: at most this much, or a text this many times its own length. */
const PINNED = 4096;
const PINNED_TIMES = 8;

/** No name and colon and space is longer, so a longer part of a line tells what the line is. */
const LONGEST_PREFIX = 7;

export function createTextReader(options: ParserOptions, onFrame: (frame: Frame) => void): TextReader {
  const { onComment, onRetry, onId, copy = false } = options;
  const { maxEventBytes = 1_048_576, maxLineBytes = 1_048_576 } = options;

  // No unit of a string is more than three bytes, so a shorter line passes no limit.
  const shortLine = Math.min(maxEventBytes, maxLineBytes) / 3;

  let lastEventId = options.lastEventId ?? '';
  let event = 'message';
  let id: string | undefined;
  let data = '';
  let dataLines = 0;
  let dataBytes = 0;
  let counted = false;

  // A line whose end has not come: its parts, or nothing where the line is of no interest.
  let parts: string[] = [];
  let heldLength = 0;
  let heldBytes = 0;
  let room = 0;
  let ignoring = false;
  let skipLineFeed = false;

  function read(text: string, bytes: number): void {
    let at = 0;
    if (skipLineFeed && text !== '') {
      skipLineFeed = false;
      if (text.charCodeAt(0) === LF) at = 1;
    }
    if (ignoring || parts.length > 0) {
      const end = firstLineEnd(text, at);
      if (end === -1) return hold(text.slice(at), bytes);
      endHeldLine(text.slice(at, end));
      at = end + 1;
      if (text.charCodeAt(end) === CR) at = afterReturn(text, at);
    }
    at = text.indexOf('\r', at) === -1 ? readLinesOfLf(text, at) : readLines(text, at);
    if (at < text.length) hold(text.slice(at), text.length - at);
  }

  // The common stream has no CR and short lines, most of them of three fields: one search a line, no calls, no counting.
  function readLinesOfLf(text: string, from: number): number {
    const viewed = !copy && text.length <= PINNED;
    let at = from;
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      if (end === -1) break;
      const first = text.charCodeAt(at);
      if (!viewed || end - at > shortLine) {
        readLine(text, at, end);
      } else if (
        first === 100 &&
        text.charCodeAt(at + 1) === 97 &&
        text.charCodeAt(at + 2) === 116 &&
        text.charCodeAt(at + 3) === 97 &&
        text.charCodeAt(at + 4) === COLON
      ) {
        const value = text.slice(text.charCodeAt(at + 5) === SPACE ? at + 6 : at + 5, end);
        if (dataLines === 0 && text.charCodeAt(end + 1) === LF) {
          at = end + 2;
          const frame: Frame = { event, data: value, id: id ?? lastEventId };
          event = 'message';
          if (id !== undefined) commitId();
          onFrame(frame);
          continue;
        }
        addData(value);
      } else if (
        first === 101 &&
        text.charCodeAt(at + 1) === 118 &&
        text.charCodeAt(at + 2) === 101 &&
        text.charCodeAt(at + 3) === 110 &&
        text.charCodeAt(at + 4) === 116 &&
        text.charCodeAt(at + 5) === COLON
      ) {
        event = text.slice(text.charCodeAt(at + 6) === SPACE ? at + 7 : at + 6, end) || 'message';
      } else if (first === 105 && text.charCodeAt(at + 1) === 100 && text.charCodeAt(at + 2) === COLON) {
        const given = text.slice(text.charCodeAt(at + 3) === SPACE ? at + 4 : at + 3, end);
        if (!given.includes('\0')) id = given;
      } else {
        readLine(text, at, end);
      }
      at = end + 1;
    }
    return at;
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
    if (at === text.length) skipLineFeed = true;
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
      case 100:
        if ((value = valueOf(text, from, end, 'data')) !== -1) addData(text.slice(value, end));
        return;
      case 101:
        if ((value = valueOf(text, from, end, 'event')) !== -1)
          event = cutLine(text, value, end) || 'message';
        return;
      case 105:
        if ((value = valueOf(text, from, end, 'id')) !== -1) {
          const given = cutLine(text, value, end);
          if (!given.includes('\0')) id = given;
        }
        return;
      case 114:
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
    data = dataLines > 0 ? `${data}\n${value}` : value;
    // Counted only where three bytes a unit may pass the limit, and then only once.
    dataBytes += (counted ? utf8Length(value) : value.length * 3) + (dataLines > 0 ? 6 : 0);
    if (dataBytes > maxEventBytes && !counted) {
      counted = true;
      dataBytes = utf8Length(data) + dataLines * 5;
    }
    if (dataBytes > maxEventBytes) throw fail('event_too_large', maxEventBytes);
    dataLines++;
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
    return copy || (text.length > PINNED && value.length * PINNED_TIMES < text.length) ? own(value) : value;
  }

  function hold(part: string, bytes: number): void {
    if (ignoring || part === '') return;
    parts.push(part);
    const before = heldLength;
    heldLength += part.length;
    heldBytes += bytes;
    if (heldLength <= LONGEST_PREFIX) return;
    if (before <= LONGEST_PREFIX) room = roomFor(parts.join('').slice(0, LONGEST_PREFIX));
    if (room === 0) {
      ignoring = true;
      parts = [];
    } else if (heldBytes > room) {
      const isData = parts.join('').startsWith('data');
      throw isData ? fail('event_too_large', maxEventBytes) : fail('line_too_long', maxLineBytes);
    }
  }

  // How many bytes a line that begins so may have; 0 where nobody asks for it, so that it need not be held.
  function roomFor(head: string): number {
    if (head.charCodeAt(0) === COLON) return onComment === undefined ? 0 : 1 + maxLineBytes;
    let value = valueOf(head, 0, head.length, 'data');
    if (value !== -1) return value + maxEventBytes - dataBytes - (dataLines > 0 ? 6 : 0);
    for (const name of ['event', 'id', 'retry']) {
      value = valueOf(head, 0, head.length, name);
      if (value !== -1) return value + maxLineBytes;
    }
    return 0;
  }

  function endHeldLine(rest: string): void {
    parts.push(rest);
    const line = parts.join('');
    const wanted = !ignoring;
    ignoring = false;
    parts = [];
    heldLength = 0;
    heldBytes = 0;
    if (wanted) readLine(line, 0, line.length);
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
    ignoring = false;
    skipLineFeed = false;
  }

  return {
    read,
    reset,
    get lastEventId() {
      return lastEventId;
    },
  };
}

function firstLineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const cr = text.indexOf('\r', from);
  return lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
}

// Where the value of a field with this name begins, or -1: the name alone, or the name, a colon and perhaps one space.
function valueOf(text: string, from: number, end: number, name: string): number {
  const after = from + name.length;
  if (!text.startsWith(name, from)) return -1;
  if (after === end) return end;
  if (text.charCodeAt(after) !== COLON) return -1;
  return text.charCodeAt(after + 1) === SPACE ? after + 2 : after + 1;
}

// A string with memory of its own: engines keep a slice as a view of the whole text, and this concatenation as a new one.
function own(text: string): string {
  return ` ${text}`.slice(1);
}
