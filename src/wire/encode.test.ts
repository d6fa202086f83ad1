import { createParser as createPeer } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAll } from './read-all.fixture.ts';
import { encode, type OutgoingFrame } from './encode.ts';
import { WireError, type WireErrorCode } from './wire-error.ts';

function refusal(frame: OutgoingFrame): WireErrorCode | undefined {
  try {
    encode(frame);
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
}

test('a frame is one block of LF lines: comment, retry, event, id, data', () => {
  const frame = { data: '{"a":1}', id: '7-k3x9qz', event: 'content', retry: 1500, comment: ' hi' };
  expect(encode(frame)).toBe(': hi\nretry: 1500\nevent: content\nid: 7-k3x9qz\ndata: {"a":1}\n\n');
});

test('an id, a comment or a retry alone is a block', () => {
  expect(encode({ id: 'x' })).toBe('id: x\n\n');
  expect(encode({ id: '' })).toBe('id: \n\n');
  expect(encode({ comment: '' })).toBe(':\n\n');
  expect(encode({ retry: 0 })).toBe('retry: 0\n\n');
  expect(encode({ data: '' })).toBe('data: \n\n');
});

test('data and comments are split at CR, LF and CRLF alike', () => {
  expect(encode({ data: 'a\nb\rc\r\nd\n' })).toBe('data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n');
  expect(encode({ comment: 'a\rdata: forged\n\nevent: forged' })).toBe(
    ':a\n:data: forged\n:\n:event: forged\n\n',
  );
});

test('values that would forge a field or get lost are refused', () => {
  for (const bad of ['\n', '\r', '\0', 'é', '豆', '\u2028', '\ud800', 'a\r\nb']) {
    expect(refusal({ id: `x${bad}y` })).toBe('invalid_id');
    expect(refusal({ event: `x${bad}y`, data: '' })).toBe('invalid_event');
  }
  expect(refusal({ event: '', data: '' })).toBe('invalid_event');
  expect(refusal({ event: 'lost' })).toBe('invalid_event');
  for (const retry of [-1, 1.5, NaN, Infinity, 2 ** 53]) expect(refusal({ retry })).toBe('invalid_retry');
  expect(refusal({ data: 'half \ud83d' })).toBe('invalid_text');
  expect(refusal({ comment: '\udc00' })).toBe('invalid_text');
  expect(refusal({})).toBe('empty_frame');
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\r', '\n', '\0', ':', ' ', 'a', '豆', '\ud83d', '\ude80', '\ufeff') }),
  fc.json(),
);
const frames = fc.record(
  { comment: text, retry: fc.oneof(fc.maxSafeNat(), fc.double()), event: text, id: text, data: text },
  { requiredKeys: [] },
);
const inLines = (value: string): string => value.replaceAll(/\r\n|\r/g, '\n');

test('an encoded frame parses back to its values, with line ends as LF, or is refused', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      if (refusal(frame) !== undefined) return;
      const bytes = new TextEncoder().encode(encode(frame));
      const { id = '', event = 'message', data, comment, retry } = frame;
      for (const chunks of [[bytes], Array.from(bytes, (byte) => Uint8Array.of(byte)), [encode(frame)]]) {
        expect(readAll(chunks)).toEqual({
          frames: data === undefined ? [] : [{ event, data: inLines(data), id }],
          comments: comment === undefined ? [] : inLines(comment).split('\n'),
          // There is no minus zero on the wire.
          retries: retry === undefined ? [] : [retry + 0],
          lastEventId: id,
          refused: undefined,
        });
      }
    }),
    { numRuns: 2000 },
  );
});

test('consecutive frames stay separate, in other parsers too', () => {
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 6 }), (all) => {
      const good = all.filter((frame) => refusal(frame) === undefined);
      const seen: object[] = [];
      const peer = createPeer({ onEvent: ({ event = 'message', data }) => void seen.push({ event, data }) });
      peer.feed(good.map(encode).join(''));
      expect(seen).toEqual(
        good.flatMap(({ event = 'message', data }) =>
          data === undefined ? [] : [{ event, data: inLines(data) }],
        ),
      );
    }),
    { numRuns: 500 },
  );
});
