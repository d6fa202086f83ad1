import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWireId, toEntryId, toSeq, toWireId } from './index.ts';
import { mint } from './internal.ts';

const tag = fc.stringMatching(/^[A-Za-z0-9]{6}$/);
const seq = fc.integer({ min: 1, max: 999_999_999_999 });

test('an id with any suffixes survives a write and a read', () => {
  fc.assert(
    fc.property(
      seq,
      tag,
      fc.option(fc.integer({ min: 0, max: 9_999 }), { nil: undefined }),
      fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), { nil: undefined }),
      (place, name, frame, session) => {
        const id = toEntryId(place, name);
        const read = fromWireId(toWireId(id, frame, session));
        expect(read).toEqual({
          id,
          seq: place,
          ...(frame !== undefined && { frame }),
          ...(session !== undefined && { session }),
        });
        expect(toSeq(id)).toBe(place);
      },
    ),
  );
});

test('an id is ASCII under 128 bytes and costs no CORS preflight', () => {
  const longest = toWireId(toEntryId(999_999_999_999_999, 'zzzzzz'), 9_999, 'x'.repeat(64));
  expect(longest.length).toBeLessThan(128);
  // According to the Fetch standard, these bytes make a request header unsafe.
  expect(longest).not.toMatch(/[^\x20-\x7e]|["():<>?@[\\\]{}]/);
});

test.each([
  '',
  '0-aaaaaa',
  '1',
  '1-',
  '01-aaaaaa',
  '1-aaaaa',
  '1-aaaaaaa',
  '1-aaaaaa~',
  '1-aaaaaa.',
  '1-aaaaaa~01',
  '-1-aaaaaa',
  '1-aaaaaa\n',
  '1-aaaaaa.a b',
])('a malformed id is refused: %j', (text) => {
  expect(fromWireId(text)).toBeUndefined();
});

test('minted names have the right length and are unique', () => {
  const names = Array.from({ length: 2_000 }, () => mint(22));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9]{22}$/);
});
