import { describe, expect, test } from 'vitest';
import { toBrief } from './to-brief.ts';

describe('a value on one line', () => {
  test.each([
    [{ a: [1, 'b'] }, '{"a":[1,"b"]}'],
    ['two\nlines\t and \u001b[31mred', 'two lines and red'],
    [undefined, ''],
    [42, '42'],
  ])('prints %j', (value, line) => {
    expect(toBrief(value)).toBe(line);
  });

  test('is cut when it is long, and not in the middle of a character', () => {
    const line = toBrief('👋'.repeat(200));
    expect([...line]).toHaveLength(100);
    expect(line.isWellFormed()).toBe(true);
    expect(line.endsWith('👋…')).toBe(true);
  });
});
