import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastOf, themes, toAccent } from './accent.ts';
import type { Theme } from './accent.ts';

test('black on white has the contrast 21, and a colour on itself 1', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrastOf('#777777', '#777777')).toBe(1);
  // A well-known pair at the limit of AA.
  expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, '0')}`);

test.each(Object.entries(themes))('texts in any accent colour, and on it, are read well: %s', (_, theme) => {
  fc.assert(
    fc.property(colour, (given) => {
      const { accent, accentInk, accentSoft } = toAccent(given, theme);
      for (const ground of [...theme.grounds, accentSoft, accentInk])
        expect(contrastOf(accent, ground)).toBeGreaterThanOrEqual(4.5);
      for (const ink of theme.inks) expect(contrastOf(ink, accentSoft)).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 300 },
  );
});

test('a colour that is read well stays as it is', () => {
  expect(toAccent('#14605c', themes.light).accent).toBe('#14605c');
  expect(toAccent('#7fcfc2', themes.dark).accent).toBe('#7fcfc2');
});

test('yellow is darker on a light page, and navy is lighter on a dark one', () => {
  expect(contrastOf(toAccent('#ffd700', themes.light).accent, '#ffffff')).toBeGreaterThan(
    contrastOf('#ffd700', '#ffffff'),
  );
  expect(toAccent('#ffd700', themes.dark).accent).toBe('#ffd700');
  expect(toAccent('#001f5b', themes.light).accent).toBe('#001f5b');
  expect(toAccent('#001f5b', themes.dark).accent).not.toBe('#001f5b');
});

test('the colours of the themes are those of the page', () => {
  const styles = readFileSync(join(import.meta.dirname, '../../../page/src/styles/base.css'), 'utf8');
  /** Returns the colour of a property: of both in `light-dark()`, or of the first and the second place. */
  const named = (property: string, isDark: boolean): string | undefined =>
    [...styles.matchAll(new RegExp(`^ +--${property}: (.*);`, 'gm'))]
      .flatMap(([, value = '']) => value.match(/#[0-9a-f]{6}/g) ?? [])
      .at(isDark ? 1 : 0);
  for (const [name, { grounds, paper, inks }] of Object.entries<Theme>(themes)) {
    const of = (property: string): string | undefined => named(property, name === 'dark');
    expect(grounds).toEqual(['paper', 'side', 'raised', 'sunken'].map(of));
    expect(paper).toBe(of('paper'));
    expect(inks).toEqual(['ink-soft', 'ink-quiet'].map(of));
  }
});
