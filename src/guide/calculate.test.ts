import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { calculate } from './calculate.ts';

test.each([
  ['1 + 2 * 3', '7'],
  ['0.1 + 0.2', '0.3'],
  ['2^100', '1267650600228229401496703205376'],
  ['123456789 * 987654321', '121932631112635269'],
  ['-7 mod 3', '2'],
  ['15% * 80', '12'],
  ['5!', '120'],
  ['sqrt(2)', '1.4142135623731'],
  ['round(pi, 4)', '3.1416'],
  ['max(3, 9, 4) - min(2, 1)', '8'],
  ['1/3', '0.333333333333333'],
  ['10^50', '1e+50'],
  ['2 pi', '6.28318530717959'],
])('%s is %s', (expression, result) => {
  expect(calculate(expression)).toBe(result);
});

test.each([
  ['1 / 0', /divided by zero/],
  ['Infinity', /too large/],
  ['NaN', /no real number/],
  ['1e99999', /too large/],
  ['sqrt(-1)', /no real number/],
  ['9^9^9', /at most 10000/],
  ['171!', /at most 170/],
  ['1.5!', /whole number/],
  ['2 +', /cannot read|can read/],
  ['', /nothing to calculate/],
  ['1'.repeat(201), /longer than 200/],
  ['(((((((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))))))))', /too many parts/],
])('%s is refused in plain words', (expression, words) => {
  expect(() => calculate(expression)).toThrow(words);
});

test.each([
  'import("fs")',
  'process.exit(1)',
  'evaluate("1")',
  'constructor.constructor("return 1")()',
  'sqrt.constructor("return 1")()',
  '"a".constructor',
  'f(x) = x',
  'a = 1',
  '[1, 2, 3]',
  '1:1e9',
  '{a: 1}',
  'range(1, 10)',
  'toString()',
  '__proto__',
  'hasOwnProperty(1)',
  'true',
  '"text"',
  '5 cm',
  '1; 2',
  '2 > 1 ? 3 : 4',
])('%s is not arithmetic', (expression) => {
  expect(() => calculate(expression)).toThrow(/Only numbers|can read/);
});

test('any text gives a number or a plain error', () => {
  const piece = fc.constantFrom(
    ...'0 1 9 . ( ) + - * / ^ % ! , e pi sqrt( log( sin( 1e9 factorial( pow( min() mod " = [ ;'.split(' '),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 30 }), (pieces) => {
      try {
        expect(Number.isNaN(Number(calculate(pieces.join(''))))).toBe(false);
      } catch (error) {
        expect(String(error)).toMatch(/^Error: [A-Z].*/);
      }
    }),
    { numRuns: 1_000 },
  );
});
