import { themeColours, toAccent } from './accent.ts';

/** Returns a style sheet that sets the accent colours of both themes. It follows the page's own. */
export function toPageStyles(colour: string): string {
  const light = toAccent(colour, themeColours.light);
  const dark = toAccent(colour, themeColours.dark);
  return `:root {
  --accent: light-dark(${light.accent}, ${dark.accent});
  --accent-ink: light-dark(${light.accentInk}, ${dark.accentInk});
  --accent-soft: light-dark(${light.accentSoft}, ${dark.accentSoft});
}
`;
}
