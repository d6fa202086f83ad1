import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPlain } from './plain.ts';

class Money {
  readonly amount = 5;
  toJSON(): never {
    throw new Error('no');
  }
}

class Secret {
  readonly #word: string = 'x';
  toString(): string {
    return `secret of ${this.#word.length}`;
  }
}

const circle: Record<string, unknown> = { note: 'kept' };
circle['self'] = circle;
const shared = { id: 1 };
const { proxy, revoke } = Proxy.revocable({}, {});
revoke();

test.each<[string, unknown, unknown]>([
  ['a BigInt', 10n, '10'],
  ['a BigInt among rows', { rows: [{ id: 1n, name: 'Ada' }] }, { rows: [{ id: '1', name: 'Ada' }] }],
  ['a circle', circle, { note: 'kept', self: '[circular]' }],
  ['an object that comes twice', [shared, shared], [{ id: 1 }, { id: 1 }]],
  ['an Error', new Error('disk is full'), { name: 'Error', message: 'disk is full' }],
  [
    'errors in an AggregateError',
    new AggregateError([new Error('a')], 'both'),
    { name: 'AggregateError', message: 'both', errors: [{ name: 'Error', message: 'a' }] },
  ],
  [
    'the cause and the code of an error',
    Object.assign(new TypeError('x', { cause: 'y' }), { code: 'E1' }),
    { name: 'TypeError', message: 'x', code: 'E1', cause: 'y' },
  ],
  ['a Map', new Map([['a', 1]]), { a: 1 }],
  ['a Map with keys that are no texts', new Map([[1, 'a']]), [[1, 'a']]],
  ['a Set', new Set([1, 2]), [1, 2]],
  ['headers', new Headers({ a: '1' }), { a: '1' }],
  ['the query of a URL', new URLSearchParams('a=1'), { a: '1' }],
  ['a URL', new URL('http://a/b'), 'http://a/b'],
  ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['a Date that is none', new Date(Number.NaN), 'Invalid Date'],
  ['NaN', Number.NaN, 'NaN'],
  ['Infinity', [-Infinity], ['-Infinity']],
  ['undefined', undefined, null],
  ['undefined in a list and in an object', [undefined, { a: undefined }], [null, {}]],
  ['a symbol', Symbol('x'), 'Symbol(x)'],
  ['a method', { a: 1, run: () => 1 }, { a: 1 }],
  ['a toJSON that throws', { ok: 1, price: new Money() }, { ok: 1, price: '[unreadable]' }],
  [
    'a getter that throws',
    Object.defineProperty({ a: 1 }, 'b', {
      get: () => {
        throw new Error('no');
      },
      enumerable: true,
    }),
    { a: 1, b: '[unreadable]' },
  ],
  ['a proxy that was revoked', { a: 1, b: proxy }, { a: 1, b: '[unreadable]' }],
  ['bytes', new Uint8Array([1, 2, 3]), { base64: 'AQID' }],
  ['a Buffer', Buffer.from('hello'), { base64: 'aGVsbG8=' }],
  ['a class without members', new Secret(), 'secret of 1'],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ['a pattern', /a+/u, '/a+/u'],
  ['a boxed number', Object(5), 5],
  ['half a character', '\ud83d', '\ud83d'],
])('%s is kept as plain JSON', (_, value, plain) => {
  expect(toPlain(value)).toEqual(plain);
});

test('a key of the name __proto__ stays a key', () => {
  const value: unknown = JSON.parse('{"__proto__":{"x":1}}');
  expect(JSON.stringify(toPlain(value))).toBe('{"__proto__":{"x":1}}');
});

test('a value of thousands of levels is cut at the depth that can be read', () => {
  let deep: unknown = 'bottom';
  for (let level = 0; level < 20_000; level += 1) deep = [deep];
  const text = JSON.stringify(toPlain(deep));
  expect(text).toBe(`${'['.repeat(64)}"[too deep]"${']'.repeat(64)}`);
});

test('a value of millions of members is not walked to its end', () => {
  const plain = toPlain(Array.from({ length: 3_000_000 }, () => 0));
  expect(Array.isArray(plain) && plain.length).toBeLessThan(300_000);
});

test('plain JSON is copied as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
      expect(toPlain(value)).toEqual(value === undefined ? null : JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('any value becomes one that JSON can hold', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  });
  fc.assert(
    fc.property(anything, (value) => {
      expect(typeof JSON.stringify(toPlain(value))).toBe('string');
    }),
  );
});
