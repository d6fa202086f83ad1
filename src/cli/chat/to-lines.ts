import { isRecord } from '../../protocol/internal.ts';
import { toPrintable } from './to-printable.ts';

const longest = 4_000;

/** Says a value of any JSON in full, for people who have to decide about it: text as it is, and of an object a line for each member. */
export function toLines(value: unknown): string {
  const text = isRecord(value)
    ? Object.entries(value)
        .map(([name, member]) => `\n  ${name}: ${toText(member).replaceAll('\n', '\n    ')}`)
        .join('')
    : toText(value);
  const printable = toPrintable(text);
  // By code points: a cut through a surrogate pair prints as rubbish.
  return printable.length > longest ? `${[...printable].slice(0, longest).join('')}…` : printable;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
