import { expect, test } from 'vitest';
import { english } from './english.ts';
import { japanese } from './japanese.ts';
import { chooseStrings } from './strings.ts';

test('the first language with a table is chosen, and English when there is none', () => {
  expect(chooseStrings(['ja-JP', 'en'])).toBe(japanese);
  expect(chooseStrings(['fr', 'ja'])).toBe(japanese);
  expect(chooseStrings(['en-GB', 'ja'])).toBe(english);
  expect(chooseStrings(['java'])).toBe(english);
  expect(chooseStrings([])).toBe(english);
});

test('both tables are complete, and every text is translated', () => {
  const words = textsOf(japanese);
  expect([...words.keys()]).toEqual([...textsOf(english).keys()]);
  for (const [place, text] of words) {
    expect(text, place).not.toBe('');
    if (place !== 'language') expect(text, place).toMatch(/[\u3041-\u30ff\u4e00-\u9fff]/u);
  }
});

function textsOf(value: unknown, place: readonly string[] = []): Map<string, string> {
  if (typeof value === 'string') return new Map([[place.join('.'), value]]);
  if (typeof value === 'function') return new Map([[place.join('.'), String(value('1'))]]);
  const members = Object.entries(value ?? {});
  return new Map(members.flatMap(([name, member]) => [...textsOf(member, [...place, name])]));
}
