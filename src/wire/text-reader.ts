import { WireError } from './wire-error.ts';
import type { PushParserOptions } from './parser-options.ts';

/**
 * The part of a parser that works on text: it splits lines, reads their fields and dispatches frames (HTML,
 * section 9.2.6).
 */
export interface TextReader {
  /**
   * Reads the next text of the stream. A last line without its end is held for the next call. `size` is the
   * number of bytes of the text, or more. `bytes` are the bytes that it was decoded from, if there are any.
   */
  read(text: string, size: number, bytes?: Uint8Array): void;
  readonly lastEventId: string;
}

const LF = 10;
const SPACE = 32;
const COLON = 58;

const encoder = new TextEncoder();

export function createTextReader(options: PushParserOptions): TextReader {
  const { onFrame, onComment, onRetry, onId, copy, maxEventBytes = 1_048_576 } = options;
  const { maxLineBytes = Math.max(maxEventBytes, 1_048_576) + 6 } = options;
  checkBound('maxEventBytes', maxEventBytes);
  checkBound('maxLineBytes', maxLineBytes);
  // A unit of a string takes at most three bytes, so a line of this length never exceeds a limit.
  const simpleLength = copy ? -1 : Math.floor(Math.min(maxEventBytes, maxLineBytes) / 3);

  let { lastEventId = '' } = options;
  let event = 'message';
  let id: string | undefined;
  let data: string | undefined;
  // The number of bytes of the data, at most.
  let dataSize = -6;
  // The number of lines after its first line.
  let joins = -1;
  // How many more bytes than units arrived since the event began (`extra`) and in the current text (`more`),
  // at most.
  let extra = 0;
  let more = 0;
  // The line that has not ended yet.
  let rest = '';
  // The character that is dropped if the next text begins with it: a BOM, or the LF of a CRLF.
  let skipped = '\ufeff';

  function read(given: string, size: number, bytes?: Uint8Array): void {
    if (given === '') return;
    let text = skipped !== '' && given.startsWith(skipped) ? given.slice(1) : given;
    skipped = '';
    if (text.includes('\r')) {
      // A CR ends its line at once.
      if (text.endsWith('\r')) skipped = '\n';
      text = text.replaceAll(/\r\n?/g, '\n');
    }
    more = size - text.length;
    extra += more;
    // Engines read a byte faster than a unit of a string. In ASCII they are the same.
    const ascii = more === 0 ? bytes : undefined;

    let at = 0;
    let end = text.indexOf('\n');
    if (rest !== '' && end !== -1) {
      readLine(rest + text.slice(0, end));
      rest = '';
      at = end + 1;
      end = text.indexOf('\n', at);
    }
    // Locals of this call, because storing a new string in a longer-lived variable costs as much as cutting
    // it out.
    let name = event;
    let newId = id;
    for (; end !== -1; end = at < text.length ? text.indexOf('\n', at) : -1) {
      const from = at;
      at = end + 1;
      const first = unit(text, ascii, from);
      const colon =
        first === 100 && // data
        unit(text, ascii, from + 1) === 97 &&
        unit(text, ascii, from + 2) === 116 &&
        unit(text, ascii, from + 3) === 97
          ? from + 4
          : first === 101 && // event
              unit(text, ascii, from + 1) === 118 &&
              unit(text, ascii, from + 2) === 101 &&
              unit(text, ascii, from + 3) === 110 &&
              unit(text, ascii, from + 4) === 116
            ? from + 5
            : first === 105 && unit(text, ascii, from + 1) === 100 // id
              ? from + 2
              : end;
      if (
        end - from <= simpleLength &&
        unit(text, ascii, colon) === COLON &&
        (first !== 100 || (data === undefined && text.charCodeAt(at) === LF))
      ) {
        const value = text.slice(unit(text, ascii, colon + 1) === SPACE ? colon + 2 : colon + 1, end);
        if (first === 100) {
          at++;
          endBlock(name, value, newId);
          name = 'message';
          newId = undefined;
        } else if (first === 101) name = value || 'message';
        else if (!value.includes('\0')) newId = value;
      } else {
        event = name;
        id = newId;
        readLine(text.slice(from, end));
        name = event;
        newId = id;
      }
    }
    event = name;
    id = newId;
    if (at === text.length) return;
    rest += text.slice(at);
    if (rest.length > maxLineBytes) throw new WireError('line_too_long');
  }

  function readLine(line: string): void {
    if (bound(line) > maxLineBytes && utf8Length(line) > maxLineBytes) throw new WireError('line_too_long');
    let colon = line.indexOf(':');
    if (colon === -1) colon = line.length;
    const name = line.slice(0, colon);
    const value = toOwn(line.slice(colon + (name !== '' && line.charCodeAt(colon + 1) === SPACE ? 2 : 1)));
    if (line === '') {
      endBlock(event, data, id);
      event = 'message';
      id = data = undefined;
      dataSize = -6;
      joins = -1;
      extra = more;
    } else if (name === 'data') {
      data = data === undefined ? value : `${data}\n${value}`;
      dataSize += bound(value) + 6;
      joins++;
      // Counted only when the upper bound exceeds the limit. The bound is at most three times the size, so
      // the rest shrinks by a third each time.
      if (dataSize > maxEventBytes) dataSize = utf8Length(data) + 5 * joins;
      if (dataSize > maxEventBytes) throw new WireError('event_too_large');
    } else if (name === 'event') event = value || 'message';
    else if (name === 'id') {
      if (!value.includes('\0')) id = value;
    } else if (name === 'retry') {
      if (/^\d+$/.test(value)) onRetry?.(Number(value));
    } else if (name === '') onComment?.(value);
  }

  // An upper bound in bytes of UTF-8. A U+FFFD may stand for one ill-formed byte.
  function bound(text: string): number {
    return text.length + Math.min(text.includes('\ufffd') ? Infinity : extra, text.length * 2);
  }

  // Returns a string with its own memory. Engines keep a slice as a view of the whole text, but make a new
  // string for this concatenation.
  function toOwn(text: string): string {
    return copy ? ` ${text}`.slice(1) : text;
  }

  function endBlock(event: string, data: string | undefined, id: string | undefined): void {
    if (id !== undefined) {
      lastEventId = id;
      onId?.(id);
    }
    if (data !== undefined) onFrame({ event, data, id: lastEventId });
  }

  return {
    read,
    get lastEventId() {
      return lastEventId;
    },
  };
}

function unit(text: string, bytes: Uint8Array | undefined, at: number): number | undefined {
  return bytes === undefined ? text.charCodeAt(at) : bytes[at];
}

function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

/** Throws if a limit is not a number: a comparison with NaN would never refuse. */
function checkBound(name: string, bytes: number): void {
  if (!(bytes >= 0))
    throw new TypeError(
      `${name}: ${bytes} is not taken; it takes a number of bytes, or Infinity for no limit.`,
    );
}
