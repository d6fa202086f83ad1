import { expect, test } from 'vitest';
import { cutAt, readAll } from './read-all.fixture.ts';
import { createParser } from './parser.ts';
import { WireError } from './wire-error.ts';

const mebibyte = 1_048_576;
const encoder = new TextEncoder();

/**
 * Reads a stream whole, in pieces of 16 bytes up to 64 KiB, and as a string. A limit must not depend on it.
 */
function outcomes(stream: string, options = {}) {
  const bytes = encoder.encode(stream);
  const cuts = [16, 1400, 65_536].map((size) =>
    cutAt(
      bytes,
      Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => (i + 1) * size),
    ),
  );
  return [[bytes], [stream], ...cuts].map((chunks) => {
    const { frames, refused } = readAll(chunks, options);
    return refused ?? frames.length;
  });
}

test('by default an event of 1 MiB is read, and one more byte is refused', () => {
  expect(new Set(outcomes(`data: ${'x'.repeat(mebibyte)}\n\n`))).toEqual(new Set([1]));
  expect(new Set(outcomes(`data: ${'x'.repeat(mebibyte + 1)}\n\n`))).toEqual(new Set(['line_too_long']));
  expect(new Set(outcomes(`data:${'x'.repeat(mebibyte + 1)}\n\n`))).toEqual(new Set(['event_too_large']));
});

test('bytes are counted, not characters', () => {
  expect(new Set(outcomes(`data: ${'豆'.repeat(100)}\n\n`, { maxEventBytes: 300 }))).toEqual(new Set([1]));
  expect(new Set(outcomes(`data: ${'豆'.repeat(100)}\n\n`, { maxEventBytes: 299 }))).not.toContain(1);
  expect(new Set(outcomes(`data:${'🚀'.repeat(9000)}\n\n`, { maxEventBytes: 36_000 }))).toEqual(new Set([1]));
  expect(new Set(outcomes(`data:${'🚀'.repeat(9000)}\n\n`, { maxEventBytes: 35_999 }))).toEqual(
    new Set(['event_too_large']),
  );
});

test('small data lines add up, and each further line counts six bytes more', () => {
  const lines = (count: number): string => `${'data: abcd\n'.repeat(count)}\n`;
  expect(new Set(outcomes(lines(3), { maxEventBytes: 24 }))).toEqual(new Set([1]));
  expect(new Set(outcomes(lines(3), { maxEventBytes: 23 }))).toEqual(new Set(['event_too_large']));
  expect(new Set(outcomes(`${'data\n'.repeat(200_000)}\n`))).toEqual(new Set(['event_too_large']));
  expect(new Set(outcomes(`${'data\n'.repeat(170_000)}\n`))).toEqual(new Set([1]));
});

test('a line of any kind is refused if it is too long, even if it never ends', () => {
  for (const line of [':comment', 'event: name', 'id: 1', 'retry: 1', 'unknown', 'data']) {
    const long = line.padEnd(101, '1');
    expect(new Set(outcomes(`${long}\n\n`, { maxLineBytes: 100 })), line).toEqual(new Set(['line_too_long']));
    expect(
      new Set(outcomes(`${long.slice(0, 100)}\n\ndata: x\n\n`, { maxLineBytes: 100 })),
      line,
    ).not.toContain('line_too_long');
    expect(new Set(outcomes(line.padEnd(2 * mebibyte, '1'))), line).toEqual(new Set(['line_too_long']));
  }
});

test('the parser returns the frames before a limit, and none after it', () => {
  const { frames, refused } = readAll(['data: a\n\ndata: 12345\n\ndata: b\n\n'], { maxEventBytes: 4 });
  expect({ data: frames.map((frame) => frame.data), refused }).toEqual({
    data: ['a'],
    refused: 'event_too_large',
  });
});

test('a parser that has refused its stream refuses all further chunks', () => {
  const data: string[] = [];
  const parser = createParser({ maxEventBytes: 4, onFrame: (frame) => void data.push(frame.data) });
  expect(() => parser.push('id: 1\ndata: a\n\ndata: 12345\n\n')).toThrow(WireError);
  expect(() => parser.push('data: b\n\n')).toThrow(expect.objectContaining({ code: 'parser_stopped' }));
  expect({ data, id: parser.lastEventId }).toEqual({ data: ['a'], id: '1' });
});

test('keepalives without a blank line never add up to a limit', () => {
  const parser = createParser({ maxEventBytes: 64, maxLineBytes: 64, onFrame: () => {} });
  for (let i = 0; i < 1000; i++) parser.push(': keepalive\n');
  expect(() => parser.push('data: x\n\n')).not.toThrow();
});

test('a limit that is not a number is refused, because it would not limit', () => {
  for (const name of ['maxEventBytes', 'maxLineBytes']) {
    expect(() => createParser({ onFrame: () => {}, [name]: Number.NaN })).toThrow(
      `${name}: NaN is not taken`,
    );
    expect(() => createParser({ onFrame: () => {}, [name]: -1 })).toThrow(`${name}: -1 is not taken`);
  }
});
