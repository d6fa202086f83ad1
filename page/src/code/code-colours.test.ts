import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string): string =>
  readFileSync(new URL(`../styles/${name}.css`, import.meta.url), 'utf8');

/** Returns the pairs of colours in a style sheet, by name. */
function pairsIn(css: string): ReadonlyMap<string, readonly [light: string, dark: string]> {
  const found = css.matchAll(/(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g);
  return new Map(Array.from(found, ([, name = '', light = '', dark = '']) => [name, [light, dark]]));
}

test('each colour of code has a contrast of at least 4.5 in both themes (WCAG 2.2, 1.4.3)', () => {
  const colours = pairsIn(read('code'));
  const grounds = pairsIn(read('base')).get('--sunken') ?? [];
  expect(colours.size).toBe(10);
  for (const [name, pair] of colours) {
    for (const [theme, colour] of pair.entries())
      expect(contrast(colour, grounds[theme] ?? ''), `${name} ${colour}`).toBeGreaterThanOrEqual(4.5);
  }
});

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [one, other].map(luminance).toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
