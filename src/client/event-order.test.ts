import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toEventOrder } from './event-order.ts';

describe('the order of an id', () => {
  test.each([
    [undefined, '7-aaaaaa', 'next'],
    ['1-aaaaaa', '2-bbbbbb', 'next'],
    ['9-aaaaaa', '10-bbbbbb', 'next'],
    ['2-aaaaaa', '2-aaaaaa', 'seen'],
    ['10-aaaaaa', '9-bbbbbb', 'seen'],
    ['2-aaaaaa', '4-bbbbbb', 'gap'],
    ['2-aaaaaa~0', '2-aaaaaa~1', 'next'],
    ['2-aaaaaa~1', '2-aaaaaa', 'next'],
    ['2-aaaaaa~1', '2-aaaaaa~1', 'seen'],
    ['2-aaaaaa', '2-aaaaaa~1', 'seen'],
    ['2-aaaaaa.session', '3-bbbbbb.session', 'next'],
    ['opaque', 'ids', 'next'],
    ['2-aaaaaa', 'opaque', 'next'],
  ])('after %s, %s is %s', (last, id, place) => {
    expect(toEventOrder(last, id)).toBe(place);
  });

  test('lets each seq through once and in order, despite repeats and overlaps', () => {
    const id = (seq: number): string => `${seq}-aaaaaa`;
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 100 }), (resumes) => {
        let last: string | undefined;
        const passed: number[] = [];
        for (const from of resumes) {
          for (let seq = from + 1; seq <= 20; seq += 1) {
            const place = toEventOrder(last, id(seq));
            if (place === 'gap') break;
            if (place === 'seen') continue;
            last = id(seq);
            passed.push(seq);
          }
        }
        expect(passed).toEqual(passed.map((_, index) => (passed[0] ?? 0) + index));
      }),
    );
  });
});
