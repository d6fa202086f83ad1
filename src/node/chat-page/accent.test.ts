import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastOf, themeColours, toAccent } from './accent.ts';
import type { ThemeColours } from './accent.ts';

test('black on white has the contrast 21, and a colour on itself 1', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrastOf('#777777', '#777777')).toBe(1);
  // A well-known pair at the limit of AA.
  expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, '0')}`);

test.each(Object.entries(themeColours))(
  'texts in any accent colour, and on it, are read well: %s',
  (_, theme) => {
    fc.assert(
      fc.property(colour, (given) => {
        const { accent, accentInk, accentSoft } = toAccent(given, theme);
        for (const ground of [...theme.grounds, accentSoft, accentInk])
          expect(contrastOf(accent, ground)).toBeGreaterThanOrEqual(4.5);
        for (const ink of theme.inks) expect(contrastOf(ink, accentSoft)).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 300 },
    );
  },
);

test('a colour that is read well stays as it is', () => {
  expect(toAccent('#14605c', themeColours.light).accent).toBe('#14605c');
  expect(toAccent('#7fcfc2', themeColours.dark).accent).toBe('#7fcfc2');
});

test('yellow is darker on a light page, and navy is lighter on a dark one', () => {
  expect(contrastOf(toAccent('#ffd700', themeColours.light).accent, '#ffffff')).toBeGreaterThan(
    contrastOf('#ffd700', '#ffffff'),
  );
  expect(toAccent('#ffd700', themeColours.dark).accent).toBe('#ffd700');
  expect(toAccent('#001f5b', themeColours.light).accent).toBe('#001f5b');
  expect(toAccent('#001f5b', themeColours.dark).accent).not.toBe('#001f5b');
});

test('the colours of the themes are those of the page', () => {
  const styles = readFileSync(join(import.meta.dirname, '../../../page/src/styles/base.css'), 'utf8');
  const named = (property: string, name: string): string | undefined => {
    const pair = new RegExp(`^ +--${property}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`, 'm');
    return pair.exec(styles)?.[name === 'dark' ? 2 : 1];
  };
  for (const [name, { grounds, paper, inks }] of Object.entries<ThemeColours>(themeColours)) {
    const of = (property: string): string | undefined => named(property, name);
    expect(grounds).toEqual(['paper', 'side', 'raised', 'sunken'].map(of));
    expect(paper).toBe(of('paper'));
    expect(inks).toEqual(['ink-soft', 'ink-quiet'].map(of));
  }
});
