import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Frame } from './frame.ts';
import { createParser } from './parser.ts';

test('the push of the blank line completes a frame, also with CR', () => {
  const data: string[] = [];
  const parser = createParser({ onFrame: (frame) => void data.push(frame.data) });
  parser.push('data: a\r');
  expect(data).toEqual([]);
  parser.push('\r');
  expect(data).toEqual(['a']);
  parser.push('\ndata: b\n\n');
  expect(data).toEqual(['a', 'b']);
});

test('comments and retries are reported by the push that ends their line, also byte by byte', () => {
  const told: unknown[] = [];
  const parser = createParser({
    onFrame: () => {},
    onComment: (text) => void told.push(text),
    onRetry: (ms) => void told.push(ms),
  });
  for (const byte of new TextEncoder().encode('data: x\n: ping\nretry: 20\n'))
    parser.push(Uint8Array.of(byte));
  expect(told).toEqual([' ping', 20]);
});

test('a retry after a line in long pieces is reported at its end', () => {
  const told: number[] = [];
  const parser = createParser({ onFrame: () => {}, onRetry: (ms) => void told.push(ms) });
  parser.push(new TextEncoder().encode(`data: ${'x'.repeat(9000)}\nr`));
  parser.push(new TextEncoder().encode('etry: 12\n'));
  expect(told).toEqual([12]);
});

test('old held bytes after a data line do not make it the last line', () => {
  const data: string[] = [];
  const parser = createParser({ onFrame: (frame) => void data.push(frame.data) });
  const push = (text: string): void => parser.push(new TextEncoder().encode(text));
  for (const text of ['data: ', 'x'.repeat(60), 'x'.repeat(40), '\n\n']) push(text);
  for (const text of ['data:', `${'y'.repeat(100)}\n`, 'data: z\n\n']) push(text);
  expect(data).toEqual(['x'.repeat(100), `${'y'.repeat(100)}\nz`]);
});

test('an id is reported before its frame, and is the last event ID during onFrame', () => {
  const told: unknown[] = [];
  const parser = createParser({
    onFrame: (frame) => void told.push(frame, parser.lastEventId),
    onId: (id) => void told.push(id),
  });
  parser.push('id: 1\ndata: a\n\nid: 2\n\n');
  expect(told).toEqual(['1', { event: 'message', data: 'a', id: '1' }, '1', '2']);
});

test('a resumed stream starts with the id that it was resumed from, and a leading BOM is dropped', () => {
  const ids: string[] = [];
  const parser = createParser({ lastEventId: '7', onFrame: (frame) => void ids.push(frame.id) });
  parser.push('\ufeffdata: a\n\nid: 8\ndata: b\n\nid: 9\ndata: unfinished');
  expect({ ids, last: parser.lastEventId }).toEqual({ ids: ['7', '8'], last: '8' });
});

test('a push in a callback is refused, and so is one after a callback threw', () => {
  const parser = createParser({ onFrame: () => parser.push('data: b\n\n') });
  expect(() => parser.push('data: a\n\n')).toThrow(expect.objectContaining({ code: 'parser_stopped' }));
  expect(() => parser.push('data: c\n\n')).toThrow(expect.objectContaining({ code: 'parser_stopped' }));
});

test('a surrogate pair may be split between two strings', () => {
  const data: string[] = [];
  const parser = createParser({ onFrame: (frame) => void data.push(frame.data) });
  for (const unit of 'data: 🚀\n\n'.split('')) parser.push(unit);
  expect(data).toEqual(['🚀']);
});

test('a view into a larger buffer is read from its start', () => {
  const data: string[] = [];
  const parser = createParser({ onFrame: (frame) => void data.push(frame.data) });
  const whole = new TextEncoder().encode('xxdata: a\n\nxx');
  parser.push(whole.subarray(2, -2));
  expect(data).toEqual(['a']);
});

test('a chunk may be overwritten after push has returned', () => {
  const data: string[] = [];
  const parser = createParser({ onFrame: (frame) => void data.push(frame.data) });
  const chunk = new Uint8Array(5);
  for (const part of ['data:', ' abcd', 'efgh\n', '\ndata', ':ij\n\n']) {
    new TextEncoder().encodeInto(part, chunk);
    parser.push(chunk);
  }
  expect(data).toEqual(['abcdefgh', 'ij']);
});

/** Returns how much memory is held by one kept frame from each of 400 chunks of 64 KiB, in bytes. */
function heldByKeptFrames(copy: boolean): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const chunk = `data: a token that is kept for good\n\n: ${'x'.repeat(65_000)}\n: `;
  const kept: Frame[] = [];
  const parser = createParser({ copy, onFrame: (frame) => void kept.push(frame) });
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 400; i++) parser.push(new TextEncoder().encode(`${chunk}${i}\n`));
  collect();
  const after = process.memoryUsage().heapUsed;
  expect(kept).toHaveLength(400);
  return after - before;
}

test('with copy, kept frames hold nothing of the chunks they came in', () => {
  expect(heldByKeptFrames(true)).toBeLessThan(1_000_000);
});

test('without copy, kept frames hold their chunks, which shows that the test above can fail', () => {
  expect(heldByKeptFrames(false)).toBeGreaterThan(10_000_000);
});
