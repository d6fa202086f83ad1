import { expect, test } from 'vitest';
import { createLineSplitter } from './create-line-splitter.ts';

function split(pieces: readonly string[], longest = 10): readonly string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter({
    longest,
    onLine: (line) => lines.push(line),
    onTooLong: (beginning) => lines.push(`!${beginning}`),
  });
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return lines;
}

test.each([
  ['lines in any pieces', ['a', 'b\nc', '\n', 'd\ne\n'], ['ab', 'c', 'd', 'e']],
  ['no empty lines, and a rest', ['\n\r\n', 'a\r\n', 'b'], ['a', 'b']],
  ['the longest line', ['0123456789\n'], ['0123456789']],
  [
    'a line that is too long, once, and the next one',
    ['01234', '5678', '90123', '456\nnext\n'],
    ['!0123456789', 'next'],
  ],
  ['a rest that is too long', ['0123456789ab'], ['!0123456789']],
])('%s', (_, pieces, lines) => {
  expect(split(pieces)).toEqual(lines);
});
