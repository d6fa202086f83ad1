import { expect, test } from 'vitest';
import { checkNumber, checkNumbers, maxTimerMs, timerOrNever, timerRange } from './check-number.ts';

test.each([
  [undefined, {}],
  [0, {}],
  [0.5, {}],
  [1, timerRange],
  [maxTimerMs, timerRange],
  [Infinity, { ...timerRange, infinity: 'for never' }],
  [3, { whole: true }],
])('%s is taken if it is in range', (value, takes) => {
  expect(checkNumber('waitMs', value, takes)).toBe(value);
});

test.each<[unknown, object, string]>([
  [Number.NaN, {}, 'waitMs: NaN is not taken; it takes a number from 0 on.'],
  [-1, {}, 'waitMs: -1 is not taken; it takes a number from 0 on.'],
  [Infinity, {}, 'waitMs: Infinity is not taken; it takes a number from 0 on.'],
  [
    -Infinity,
    { infinity: 'for never' },
    'waitMs: -Infinity is not taken; it takes a number from 0 on, or Infinity for never.',
  ],
  [0, timerRange, 'waitMs: 0 is not taken; it takes a number from 1 to 2147483647 (24.8 days).'],
  [
    2_592_000_000,
    timerRange,
    'waitMs: 2592000000 is not taken; it takes a number from 1 to 2147483647 (24.8 days).',
  ],
  [1.5, { whole: true }, 'waitMs: 1.5 is not taken; it takes a whole number from 0 on.'],
  [1e300, {}, 'waitMs: 1e+300 is not taken; it takes a number from 0 on.'],
  ['1000', {}, 'waitMs: "1000" is not taken; it takes a number from 0 on.'],
  [null, {}, 'waitMs: null is not taken; it takes a number from 0 on.'],
  [10n, {}, 'waitMs: 10 is not taken; it takes a number from 0 on.'],
  [{}, {}, 'waitMs: what is of the type object is not taken; it takes a number from 0 on.'],
])('%s is refused with an error that names the range', (value, takes, sentence) => {
  const check = (): unknown => Reflect.apply(checkNumber, undefined, ['waitMs', value, takes]);
  expect(check).toThrow(new TypeError(sentence));
});

test('checkNumbers checks the named options and leaves the others unchanged', () => {
  const takes = { waitMs: timerOrNever, retries: { whole: true } };
  const options = { waitMs: Infinity, retries: 2, name: 'x' };
  expect(checkNumbers(options, takes)).toEqual({ waitMs: maxTimerMs, retries: 2, name: 'x' });
  expect(() => checkNumbers({ ...options, retries: -1 }, takes, 'limits.')).toThrow(
    'limits.retries: -1 is not taken',
  );
});
