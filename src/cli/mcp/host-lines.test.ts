import { expect, test } from 'vitest';
import { readHostLines } from './host-lines.ts';

async function linesOf(...chunks: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  async function* source(): AsyncGenerator<string | Uint8Array> {
    yield* chunks;
  }
  const lines: string[] = [];
  for await (const line of readHostLines(source(), () => lines.push('<long>'))) lines.push(line);
  return lines;
}

test('lines end with a line feed and nothing else, wherever chunks end', async () => {
  expect(await linesOf('one\ntw', 'o\n\n  \nth', 'ree')).toEqual(['one', 'two', 'three']);
  expect(await linesOf('a\u2028b\u2029c\n')).toEqual(['a\u2028b\u2029c']);
  expect(await linesOf('a\r\nb\r\n')).toEqual(['a\r', 'b\r']);
  const bytes = new TextEncoder().encode('ä\n😀');
  expect(await linesOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(['ä', '😀']);
});

test('a line that is too long is left out, and the next one is read', async () => {
  const long = 'x'.repeat(5 * 1024 * 1024);
  expect(await linesOf('first\n', long, long, `${long}\nlast\n`)).toEqual(['first', '<long>', 'last']);
});
