import { toPrintable } from './to-printable.ts';

const longest = 100;

/** Formats any JSON value as one line of at most 100 characters. */
export function toBrief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const line = toPrintable(text).replaceAll(/\s+/g, ' ').trim();
  // Counts code points: half a surrogate pair prints as garbage.
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
}
