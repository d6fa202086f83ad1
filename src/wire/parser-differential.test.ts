import { createParser as createPeer } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutAt, readAll } from './read-all.fixture.ts';
import { parseBySpec } from './spec-parser.fixture.ts';

const ends = fc.constantFrom('\n', '\n', '\r', '\r\n');
const names = fc.constantFrom(
  'data',
  'data',
  'data',
  'event',
  'id',
  'retry',
  '',
  'dat',
  'datax',
  ' data',
  'Data',
  'x',
);
const values = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', ' ', '12', '12x', '\0', 'a\0b', '豆腐', '🚀', '\ufeff', '{"text":" heddle"}'),
  fc.integer({ min: 0, max: 700 }).map((size) => 'long '.repeat(size)),
);
const separators = fc.constantFrom(':', ': ', ':  ', '', ' :');
const lines = fc.oneof(
  fc.constant(''),
  fc.tuple(names, separators, values).map((parts) => parts.join('')),
);
const texts = fc
  .array(
    fc.tuple(lines, ends).map((parts) => parts.join('')),
    { maxLength: 24 },
  )
  .map((all) => all.join(''));
const wellFormed = texts.map((text) => new TextEncoder().encode(text));
const streams = fc.oneof(
  wellFormed,
  fc
    .tuple(fc.constantFrom('\ufeff', '\ufeff\ufeff'), texts)
    .map(([bom, text]) => new TextEncoder().encode(bom + text)),
  // Ill-formed UTF-8: any bytes inserted at any place, and the whole cut off at any place.
  fc.tuple(wellFormed, fc.uint8Array({ maxLength: 4 }), fc.nat(), fc.nat()).map(([bytes, junk, at, size]) => {
    const from = at % (bytes.length + 1);
    const whole = new Uint8Array([...bytes.subarray(0, from), ...junk, ...bytes.subarray(from)]);
    return whole.slice(0, size % (whole.length + 1));
  }),
);
const places = fc.array(fc.nat(), { maxLength: 12 });

test('any bytes cut anywhere are parsed as the specification requires', () => {
  fc.assert(
    fc.property(streams, places, fc.boolean(), (bytes, cuts, copy) => {
      const chunks = cutAt(
        bytes,
        cuts.map((cut) => cut % (bytes.length + 1)),
      );
      expect(readAll(chunks, { copy })).toEqual(parseBySpec(bytes));
    }),
    { numRuns: 1500 },
  );
});

test('whole events of any bytes are refused at the byte that exceeds a limit, for any cuts', () => {
  const limits = fc.record({
    maxEventBytes: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4000 })),
    maxLineBytes: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 4000 })),
  });
  fc.assert(
    fc.property(streams, places, limits, (bytes, cuts, limit) => {
      const ended = new Uint8Array([...bytes, 10, 10]);
      const chunks = cutAt(
        ended,
        cuts.map((cut) => cut % (ended.length + 1)),
      );
      expect(readAll(chunks, limit)).toEqual(parseBySpec(ended, limit));
    }),
    { numRuns: 1500 },
  );
});

test('text pushed as strings, or as strings and bytes in turn, is parsed as the specification requires', () => {
  fc.assert(
    fc.property(texts, places, fc.boolean(), (text, cuts, mixed) => {
      const well = text.toWellFormed();
      const sorted = cuts.map((cut) => cut % (well.length + 1)).toSorted((a, b) => a - b);
      const parts = [0, ...sorted].map((from, i) => well.slice(from, sorted[i] ?? well.length));
      // A surrogate pair may be split between two strings, but not if one half is encoded to bytes.
      fc.pre(!mixed || parts.every((part) => part.isWellFormed()));
      const chunks = parts.map((part, i) => (mixed && i % 2 === 0 ? new TextEncoder().encode(part) : part));
      expect(readAll(chunks)).toEqual(parseBySpec(new TextEncoder().encode(well)));
    }),
    { numRuns: 1500 },
  );
});

test('a stream is parsed as by eventsource-parser', () => {
  fc.assert(
    fc.property(wellFormed, places, (bytes, cuts) => {
      const chunks = cutAt(
        bytes,
        cuts.map((cut) => cut % (bytes.length + 1)),
      );
      const frames: object[] = [];
      const retries: number[] = [];
      let lastEventId = '';
      const decoder = new TextDecoder();
      const peer = createPeer({
        onId: (id) => void (lastEventId = id),
        onEvent: ({ data, event = 'message' }) => void frames.push({ event, data, id: lastEventId }),
        onRetry: (ms) => void retries.push(ms),
      });
      for (const chunk of chunks) peer.feed(decoder.decode(chunk, { stream: true }));
      const ours = readAll(chunks);
      expect({ frames: ours.frames, retries: ours.retries, lastEventId: ours.lastEventId }).toEqual({
        frames,
        retries,
        lastEventId,
      });
    }),
    { numRuns: 1500 },
  );
});
