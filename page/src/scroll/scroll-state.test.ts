import { expect, test } from 'vitest';
import { directionOf, readScroll, readTurn } from './scroll-state.ts';

const atEnd = { follows: true, top: 1_000 };
const away = { follows: false, top: 500 };

test('scrolling up stops following, however short it is', () => {
  for (const step of [1, 3, 6, 40, 900])
    expect(readScroll(atEnd, { top: 1_000 - step, end: 1_000 })).toEqual({
      follows: false,
      top: 1_000 - step,
    });
});

test('steps of less than a pixel add up', () => {
  const first = readScroll(atEnd, { top: 999.4, end: 1_020 });
  expect(first).toEqual(atEnd);
  expect(readScroll(first, { top: 998.8, end: 1_020 }).follows).toBe(false);
});

test('a page at its end stays there when more content has arrived since', () => {
  expect(readScroll(atEnd, { top: 1_000, end: 1_400 })).toEqual(atEnd);
});

test('a page that moved up because it became shorter is still at its end', () => {
  expect(readScroll(atEnd, { top: 700, end: 700 })).toEqual({ follows: true, top: 700 });
  // Browsers round the measures.
  expect(readScroll(atEnd, { top: 699.4, end: 700 }).follows).toBe(true);
  expect(readScroll(away, { top: 400, end: 400 }).follows).toBe(false);
});

test('scrolling down to the end or near it follows; scrolling down elsewhere does not', () => {
  expect(readScroll(away, { top: 1_000, end: 1_000 }).follows).toBe(true);
  expect(readScroll(away, { top: 960, end: 1_000 }).follows).toBe(true);
  expect(readScroll(away, { top: 900, end: 1_000 })).toEqual({ follows: false, top: 900 });
  expect(readScroll({ follows: false, top: 990 }, { top: 980, end: 1_000 }).follows).toBe(false);
});

test('the wheel and keys count before anything has moved', () => {
  expect(readTurn(atEnd, { top: 1_000, end: 1_000 }, 'up').follows).toBe(false);
  expect(readTurn({ follows: false, top: 1_000 }, { top: 1_000, end: 1_000 }, 'down').follows).toBe(true);
  expect(readTurn(away, { top: 500, end: 1_000 }, 'down').follows).toBe(false);
  // When everything is visible there is nothing to scroll.
  expect(readTurn({ follows: true, top: 0 }, { top: 0, end: 0 }, 'up').follows).toBe(true);
});

test('keys have the directions of the browser', () => {
  for (const key of ['ArrowUp', 'PageUp', 'Home']) expect(directionOf(key, false)).toBe('up');
  for (const key of ['ArrowDown', 'PageDown', 'End', ' ']) expect(directionOf(key, false)).toBe('down');
  expect(directionOf(' ', true)).toBe('up');
  expect(directionOf('a', false)).toBeUndefined();
});
