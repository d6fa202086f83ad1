import { describe, expect, test } from 'vitest';
import { toBrief } from './to-brief.ts';

describe('a value in one line', () => {
  test.each([
    [{ a: [1, 'b'] }, '{"a":[1,"b"]}'],
    ['two\nlines\t and \u001b[31mred', 'two lines and red'],
    [undefined, ''],
    [42, '42'],
  ])('says %j', (value, line) => {
    expect(toBrief(value)).toBe(line);
  });

  test('ends long ones, and not in the middle of a character', () => {
    const line = toBrief('👋'.repeat(200));
    expect([...line]).toHaveLength(100);
    expect(line.isWellFormed()).toBe(true);
    expect(line.endsWith('👋…')).toBe(true);
  });
});
