import { toPrintable } from './to-printable.ts';

const longest = 100;

/** Says a value of any JSON in one short line. */
export function toBrief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const line = toPrintable(text).replaceAll(/\s+/g, ' ').trim();
  // By code points: a cut through a surrogate pair prints as rubbish.
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
}
