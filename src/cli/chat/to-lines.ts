import { isRecord } from '../../protocol/internal.ts';
import { toPrintable } from './to-printable.ts';

const longest = 4_000;

/**
 * Formats any JSON value in full, for users who have to decide about it. Text stays as it is, and each member
 * of an object has its own line. Cuts at 4,000 characters.
 */
export function toLines(value: unknown): string {
  const text = isRecord(value)
    ? Object.entries(value)
        .map(([name, member]) => `\n  ${name}: ${toText(member).replaceAll('\n', '\n    ')}`)
        .join('')
    : toText(value);
  const printable = toPrintable(text);
  // Cuts at a code point: half a surrogate pair prints as garbage.
  return printable.length > longest ? `${[...printable].slice(0, longest).join('')}…` : printable;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
