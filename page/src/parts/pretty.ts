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
  const only = unwrap(value);
  const text = isRecordLike(only) ? members(only) : inline(only);
  return clip(text.replaceAll(/\s+/g, ' ').trim(), longestGist);
}

/** Likewise, but only where there is one thing to tell: of many results none stands for all. */
export function gistOfOne(value: unknown): string | undefined {
  const only = unwrap(value);
  return isRecordLike(only) || only === null || only === undefined ? undefined : gist(only);
}

/** Goes down while there is only one thing inside. */
function unwrap(value: unknown): unknown {
  if (!isRecordLike(value)) return value;
  const [first, ...others] = Object.values(value);
  return first !== undefined && others.length === 0 ? unwrap(first) : value;
}

function members(value: object): string {
  if (Array.isArray(value)) return inline(value);
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${inline(member)}`)
    .join(', ');
}

function inline(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isRecordLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  // Not in the middle of a surrogate pair.
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}
