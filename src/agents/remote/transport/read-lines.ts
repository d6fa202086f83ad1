import { createFailure } from '../../kit/index.ts';
import type { UpstreamFrame } from '../remote-format.ts';
import { toJson } from './to-json.ts';

/** The longest line, in UTF-16 units. */
const maxLine = 4 * 1024 * 1024;

/**
 * Yields the lines of a body as frames. Empty lines are left out. A body that is one JSON value over several
 * lines is one frame.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly UpstreamFrame[], void, undefined> {
  const decoder = new TextDecoder();
  const cutter = createLineCutter();
  for await (const chunk of chunks) yield cutter.push(decoder.decode(chunk, { stream: true })).map(toFrame);
  yield [...cutter.push(decoder.decode()), ...cutter.end()].map(toFrame);
}

/** Cuts a text into its lines, without the empty ones. */
interface LineCutter {
  push(text: string): readonly string[];
  /** Returns the last line, if the text did not end it. */
  end(): readonly string[];
}

function createLineCutter(): LineCutter {
  let rest = '';
  let hasLines = false;
  let isOneValue = false;
  return {
    push(text) {
      const lines: string[] = [];
      let from = 0;
      const firstEnd = text.indexOf('\n');
      let end = firstEnd === -1 ? -1 : rest.length + firstEnd;
      rest += text;
      for (; end !== -1 && !isOneValue; end = rest.indexOf('\n', from)) {
        const line = rest.slice(from, end).trim();
        isOneValue = !hasLines && (line === '{' || line === '[');
        if (isOneValue) break;
        from = end + 1;
        if (line === '') continue;
        hasLines = true;
        lines.push(line);
      }
      rest = rest.slice(from);
      if (rest.length > maxLine || lines.some(({ length }) => length > maxLine))
        throw createFailure('upstream_failed', new Error(`A line has over ${maxLine} characters.`));
      return lines;
    },
    end: () => (rest.trim() === '' ? [] : [rest]),
  };
}

function toFrame(line: string): UpstreamFrame {
  // In a sequence of JSON texts (RFC 7464), each of them begins with this character.
  const text = line.startsWith('\u001e') ? line.slice(1) : line;
  return { event: 'message', text, json: toJson(text) };
}
