import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { toLogLine } from './create-text-log.ts';
import { describeError } from './describe-error.ts';

const flat = (error: unknown): string => JSON.stringify(describeError(error));
const make = (change: (error: Error) => unknown): Error => {
  const error = new Error('the words');
  change(error);
  return error;
};

test('an error has its message and its stack', () => {
  const described = describeError(new TypeError('no key', { cause: new RangeError('deeper') }));
  expect(described).toMatchObject({
    name: 'TypeError',
    message: 'no key',
    cause: { name: 'RangeError', message: 'deeper' },
  });
  expect(described.at?.[0]).toMatch(/^at .*describe-error\.test\.ts:\d+/);
});

test('an aggregate error has all its errors, with their causes', () => {
  const inner = new Error('two', { cause: 'a cable' });
  const described = describeError(new AggregateError([new Error('one'), inner, 'three'], 'many'));
  expect(described.message).toBe('many');
  expect(described.errors?.map(({ message }) => message)).toEqual(['one', 'two', 'three']);
  expect(described.errors?.[1]?.cause?.message).toBe('a cable');
  expect(toLogLine(new AggregateError([new Error('one'), inner]))).toMatch(
    /error 1: Error: one[^]*error 2: Error: two[^]*cause: a cable/,
  );
});

test('a suppressed error of a `using` block has both errors', () => {
  const both = make((error) =>
    Object.assign(error, { error: new Error('at the end'), suppressed: new Error('before') }),
  );
  expect(flat(both)).toMatch(/at the end.*before/);
});

test.each<readonly [string, unknown, string]>([
  ['a text', 'sorry', 'sorry'],
  ['null', null, 'null'],
  ['undefined', undefined, 'undefined'],
  ['0', 0, '0'],
  ['a BigInt', 7n, '7n'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['a function', function agent() {}, 'agent'],
  [
    'a plain object',
    { code: 500, detail: 'bad', request: { headers: {} } },
    "code: 500, detail: 'bad', request: [Object]",
  ],
  ['an object without a prototype', Object.create(null), 'null prototype'],
  [
    'an object that shows itself in its own way',
    { toString: () => 'secret', [Symbol.for('nodejs.util.inspect.custom')]: () => 'secret', a: 1 },
    'a: 1',
  ],
  [
    'an object with getters that throw',
    Object.defineProperty({}, 'x', { get: fail, enumerable: true }),
    '[Getter]',
  ],
  ['a proxy that is revoked', revoked({}), 'Proxy'],
  ['a proxy of an error', new Proxy(new Error('behind'), { getPrototypeOf: fail }), 'behind'],
  ['an error of another realm', runInNewContext("new Error('from afar')"), 'from afar'],
  ['a DOMException', new DOMException('stop', 'AbortError'), 'AbortError","message":"stop'],
  ['an error that is frozen', Object.freeze(new Error('cold')), 'cold'],
  [
    'an error that is its own cause',
    make((error) => Object.assign(error, { cause: error })),
    'the same error as above',
  ],
  ['errors that cause each other', cycle(), 'the same error as above'],
  [
    'an error whose errors hold itself',
    make((error) => Object.assign(error, { cause: new AggregateError([error]) })),
    'the same error as above',
  ],
  [
    'an error whose message throws',
    make((error) => Object.defineProperty(error, 'message', { get: fail })),
    '"at"',
  ],
  [
    'an error whose cause throws',
    make((error) => Object.defineProperty(error, 'cause', { get: fail })),
    'the words',
  ],
  [
    'an error whose stack is an object',
    make((error) => Object.assign(error, { stack: { not: 'text' } })),
    'the words',
  ],
  [
    'an error whose stack throws',
    make((error) => Object.defineProperty(error, 'stack', { get: fail })),
    'the words',
  ],
  [
    'an error whose message is an object',
    make((error) => Object.assign(error, { message: { not: 'text' } })),
    "not: 'text'",
  ],
  [
    'an error whose name is a symbol',
    make((error) => Object.assign(error, { name: Symbol('s') })),
    'the words',
  ],
])('%s is described', (_, thrown, words) => {
  expect(flat(thrown)).toContain(words);
  expect(toLogLine(thrown)).not.toBe('');
});

const long = (depth: number): Error =>
  new Error(`${depth} ${'x'.repeat(100_000)}`, depth > 0 ? { cause: long(depth - 1) } : {});
const wide = (depth: number): Error =>
  new AggregateError(depth > 0 ? Array.from({ length: 30 }, () => wide(depth - 1)) : [], '');

test.each<readonly [string, unknown]>([
  ['long causes of each other', long(50)],
  ['many in many', wide(3)],
  ['words that are escaped', new Error('\u{1b}\u{202e}"\\\n'.repeat(50_000))],
  ['words in Japanese', new Error('火事'.repeat(50_000), { cause: '洪水'.repeat(50_000) })],
  [
    'a stack without an end',
    make((error) => Object.assign(error, { stack: `Error\n${'    at far away\n'.repeat(100_000)}` })),
  ],
  [
    'an object with a million fields',
    Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, index])),
  ],
])('an error of %s takes a bounded line, and shows that it was cut', (_, error) => {
  expect(Buffer.byteLength(flat(error))).toBeLessThan(18_000);
  expect(Buffer.byteLength(toLogLine(error))).toBeLessThan(18_000);
  expect(flat(error)).toMatch(/left out|characters\)|far away/);
});

test('no password of a URL is shown, even when the text is cut', () => {
  const url = 'redis://ada:pa55@db.example:6379/0';
  const error = new Error(`cannot reach ${url}`, {
    cause: new AggregateError([{ url }, `at ${url}`, 'x'.repeat(1_985) + url]),
  });
  error.stack = `Error\n    at connect (${url})`;
  expect(flat(error)).not.toContain('pa5');
  expect(flat(error)).toContain('redis://***@db.example');
});

function fail(): never {
  throw new Error('a getter');
}

function cycle(): Error {
  const [a, b] = [new Error('a'), new Error('b')];
  a.cause = b;
  b.cause = a;
  return a;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}
