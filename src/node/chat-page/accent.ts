/** The colours of one theme that an accent colour must suit. A test compares them with the page's styles. */
export interface ThemeColours {
  /** The backgrounds of texts in the accent colour. */
  readonly grounds: readonly string[];
  /** The background that the soft accent is mixed with. */
  readonly paper: string;
  /** The palest texts on the soft accent. */
  readonly inks: readonly string[];
  /** Texts on the accent colour. */
  readonly accentInk: string;
  /** A colour that is not seen well is mixed with this one. */
  readonly towards: string;
}

/** The accent colours of one theme. */
export interface Accent {
  readonly accent: string;
  readonly accentInk: string;
  readonly accentSoft: string;
}

/** The contrast that WCAG AA asks of texts. */
const enough = 4.5;

export const themeColours: Readonly<Record<'light' | 'dark', ThemeColours>> = {
  light: {
    grounds: ['#fbfbf9', '#f3f4f1', '#ffffff', '#f1f3f0'],
    paper: '#fbfbf9',
    inks: ['#4d5854', '#626d69'],
    accentInk: '#ffffff',
    towards: '#000000',
  },
  dark: {
    grounds: ['#141817', '#101312', '#1b201f', '#1e2423'],
    paper: '#141817',
    inks: ['#b3beba', '#909c97'],
    accentInk: '#0c1110',
    towards: '#ffffff',
  },
};

/**
 * Derives the accent colours of a theme from one colour, `#rrggbb`. Texts in the accent colour, on it and on
 * the soft accent have a contrast of 4.5:1 or more. The colour stays as it is if it has that contrast.
 */
export function toAccent(colour: string, { grounds, paper, inks, accentInk, towards }: ThemeColours): Accent {
  for (let share = 0; ; share += 0.01) {
    const accent = mix(colour, towards, Math.min(share, 1));
    const soft = [0.14, 0.12, 0.1, 0.08, 0.06, 0.04, 0.02, 0]
      .map((part) => mix(paper, accent, part))
      .find((ground) => [...inks, accent].every((text) => contrastOf(text, ground) >= enough));
    const isSeen = grounds.every((ground) => contrastOf(accent, ground) >= enough);
    // Black and white have enough contrast with each ground, so the search ends.
    if (soft !== undefined && isSeen) return { accent, accentInk, accentSoft: soft };
  }
}

/** Returns the contrast of two colours as WCAG 2 defines it, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [lightOf(one), lightOf(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function lightOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = toParts(colour)
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Returns the mixture of two colours; `share` is the part of the second, from 0 to 1. */
function mix(one: string, other: string, share: number): string {
  const parts = toParts(other);
  const mixed = toParts(one).map((part, index) => Math.round(part + ((parts[index] ?? 0) - part) * share));
  return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function toParts(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
