// Beyond this a browser gets slow and nobody reads on.
const longest = 20_000;
const longestGist = 160;

/** A value as people read it: text as it is, the rest as indented JSON. */
export function pretty(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '');
  return clip(text, longest);
}

/** A value in one line, for where it is only glanced at: `{"expression":"6*7"}` is `6*7`. */
export function gist(value: unknown): string {
  return clip(inline(value).replaceAll(/\s+/g, ' ').trim(), longestGist);
}

function inline(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const members = Object.entries(value);
  if (Array.isArray(value)) return members.length === 1 ? inline(value[0]) : JSON.stringify(value);
  if (members.length === 1) return inline(members[0]?.[1]);
  return members
    .map(([name, member]) => `${name}: ${typeof member === 'string' ? member : JSON.stringify(member)}`)
    .join(', ');
}

function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  // Not in the middle of a surrogate pair.
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}
