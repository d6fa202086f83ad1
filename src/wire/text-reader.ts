import { isData, isDataText, isEvent, isEventText, valueOf } from './field-prefix.ts';
import type { Frame } from './frame.ts';
import type { PushParserOptions } from './parser.ts';
import { utf8Length } from './utf8-length.ts';
import { WireError } from './wire-error.ts';

/** The part of a parser that works on text: splits it into lines, reads their fields, dispatches frames (HTML, section 9.2.6). */
export interface TextReader {
  /**
   * Reads the next text of the stream; a last line without its end is held for the next call. It was decoded from the bytes
   * between two indices, which are given where they are just that: where the text is ASCII, they tell sooner what a line is.
   */
  read(text: string, bytes?: Uint8Array, from?: number, to?: number): void;
  /** Forgets what is not finished, and keeps the last event ID. */
  reset(): void;
  readonly lastEventId: string;
}

const LF = 10;
const SPACE = 32;
const COLON = 58;
const D = 100;
const E = 101;
const I = 105;

export function createTextReader(options: PushParserOptions): TextReader {
  const { onFrame, onComment, onRetry, onId, copy = false, maxEventBytes = 1_048_576 } = options;
  const { maxLineBytes = Math.max(maxEventBytes, 1_048_576) + 6 } = options;

  // No unit of a string is more than three bytes, so no line of a text so short passes a limit.
  const shortText = Math.min(maxEventBytes, maxLineBytes) / 3;

  let lastEventId = options.lastEventId ?? '';
  let event = 'message';
  let id: string | undefined;
  let data = '';
  let dataLines = 0;
  let dataBytes = 0;
  let counted = false;

  // Whether the next text does not simply begin a line: a BOM may come, or a LF that belongs to a CR, or parts of a line wait.
  let unsettled = true;
  let atStart = true;
  let afterReturn = false;
  let parts: string[] = [];
  let heldLength = 0;
  // Whether each unit of the current text, and of the parts, came as one byte.
  let oneByte = false;
  let heldOneByte = true;

  function read(text: string, bytes?: Uint8Array, from = 0, to = 0): void {
    let at = 0;
    const aligned = text.length === to - from;
    oneByte = aligned;
    if (unsettled) {
      if (text === '') return;
      if (atStart ? text.startsWith('\ufeff') : afterReturn && text.charCodeAt(0) === LF) at = 1;
      atStart = afterReturn = false;
      if (parts.length > 0) {
        const end = firstLineEnd(text);
        if (end === -1) return hold(text);
        parts.push(text.slice(0, end));
        const line = parts.join('');
        parts = [];
        heldLength = 0;
        oneByte &&= heldOneByte;
        heldOneByte = true;
        readLine(line, 0, line.length);
        oneByte = aligned;
        at = end + 1;
        if (text.charCodeAt(end) !== LF) {
          afterReturn = at === text.length;
          if (text.charCodeAt(at) === LF) at++;
        }
      }
      unsettled = afterReturn;
    }
    const cr = text.indexOf('\r', at);
    if (cr !== -1 || copy || text.length > shortText) at = readLines(text, at, cr);
    else at = readShortLines(text, at, aligned ? bytes : undefined, from);
    if (at < text.length) hold(text.slice(at));
  }

  function hold(part: string): void {
    unsettled = true;
    heldOneByte &&= oneByte;
    parts.push(part);
    heldLength += part.length;
    if (heldLength > maxLineBytes) fail('line_too_long');
  }

  // The common stream: no CR, short lines of three fields. One search a line, and hardly a call. An engine looks at a byte
  // sooner than at a unit of a string.
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
        const value = text.slice(space === SPACE ? at + 6 : at + 5, end);
        // Not beyond the text: what stands there in the bytes is not its own.
        const next =
          bytes === undefined || end + 1 === text.length ? text.charCodeAt(end + 1) : bytes[from + end + 1];
        if (next === LF && dataLines === 0) {
          at = end + 2;
          const frame: Frame = { event: name, data: value, id: id ?? lastEventId };
          name = 'message';
          if (id !== undefined) commitId();
          onFrame(frame);
          continue;
        }
        addData(value, value.length * 3);
      } else if (first === E && (bytes === undefined ? isEventText(text, at) : isEvent(bytes, here))) {
        const space = bytes === undefined ? text.charCodeAt(at + 6) : bytes[here + 6];
        name = text.slice(space === SPACE ? at + 7 : at + 6, end) || 'message';
      } else if (
        first === I &&
        (bytes === undefined
          ? text.startsWith('id:', at)
          : bytes[here + 1] === D && bytes[here + 2] === COLON)
      ) {
        const space = bytes === undefined ? text.charCodeAt(at + 3) : bytes[here + 3];
        setId(text.slice(space === SPACE ? at + 4 : at + 3, end));
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

  function readLines(text: string, start: number, firstReturn: number): number {
    let at = start;
    let cr = firstReturn;
    let lf = text.indexOf('\n', at);
    for (;;) {
      const end = cr !== -1 && (lf === -1 || cr < lf) ? cr : lf;
      if (end === -1) return at;
      readLine(text, at, end);
      at = end + 1;
      if (end === cr) {
        // A CR ends its line at once; a LF behind it, be it in the next text, belongs to it.
        if (at === text.length) unsettled = afterReturn = true;
        if (lf === at) at++;
        cr = text.indexOf('\r', at);
      }
      // A search that found nothing, or something further on, is not made again: that would be quadratic.
      if (lf !== -1 && lf < at) lf = text.indexOf('\n', at);
    }
  }

  function readLine(text: string, from: number, end: number): void {
    if (from === end) {
      if (dataLines > 0) dispatch();
      else {
        event = 'message';
        commitId();
      }
      return;
    }
    // A bound is enough until it passes the limit: no unit of a string is more than three bytes.
    let size = (end - from) * 3;
    if (size > maxLineBytes) {
      const line = text.slice(from, end);
      // A U+FFFD may stand for a byte that is ill-formed.
      size = oneByte && !line.includes('\ufffd') ? line.length : utf8Length(line);
      if (size > maxLineBytes) fail('line_too_long');
    }
    if (text.charCodeAt(from) === COLON) {
      onComment?.(cut(text, from + 1, end));
      return;
    }
    let value = valueOf(text, from, end, 'data');
    if (value > 0) addData(text.slice(value, end), size - (value - from));
    else if ((value = valueOf(text, from, end, 'event')) > 0) event = cut(text, value, end) || 'message';
    else if ((value = valueOf(text, from, end, 'id')) > 0) setId(cut(text, value, end));
    else if ((value = valueOf(text, from, end, 'retry')) > 0) {
      const digits = text.slice(value, end);
      if (/^[0-9]+$/.test(digits)) onRetry?.(Number(digits));
    }
  }

  function cut(text: string, from: number, end: number): string {
    return copy ? own(text.slice(from, end)) : text.slice(from, end);
  }

  function setId(given: string): void {
    if (!given.includes('\0')) id = given;
  }

  // The same again, and from then on each line is counted, so that none is counted twice.
  function addData(value: string, sizeAtMost: number): void {
    data = dataLines > 0 ? `${data}\n${value}` : value;
    dataBytes += (counted ? utf8Length(value) : sizeAtMost) + (dataLines > 0 ? 6 : 0);
    if (dataBytes > maxEventBytes && !counted) {
      counted = true;
      dataBytes = utf8Length(data) + dataLines * 5;
    }
    if (dataBytes > maxEventBytes) fail('event_too_large');
    dataLines++;
  }

  function dispatch(): void {
    const frame: Frame = { event, data: copy ? own(data) : data, id: id ?? lastEventId };
    forgetEvent();
    commitId();
    onFrame(frame);
  }

  function commitId(): void {
    if (id === undefined) return;
    lastEventId = id;
    id = undefined;
    onId?.(lastEventId);
  }

  function fail(code: 'event_too_large' | 'line_too_long'): never {
    reset();
    throw new WireError(code);
  }

  function forgetEvent(): void {
    event = 'message';
    data = '';
    dataLines = dataBytes = 0;
    counted = false;
  }

  function reset(): void {
    forgetEvent();
    id = undefined;
    unsettled = atStart = true;
    afterReturn = false;
    parts = [];
    heldLength = 0;
    heldOneByte = true;
  }

  return {
    read,
    reset,
    get lastEventId() {
      return lastEventId;
    },
  };
}

// A string with memory of its own: engines keep a slice as a view of the whole text, and this concatenation as a new one.
function own(text: string): string {
  return ` ${text}`.slice(1);
}

function firstLineEnd(text: string): number {
  const lf = text.indexOf('\n');
  const cr = text.indexOf('\r');
  return lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
}
