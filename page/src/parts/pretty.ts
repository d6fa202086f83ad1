// A longer text makes the browser slow, and users do not read on.
const longest = 20_000;
const longestGist = 160;

/** Formats a value for users: text unchanged, other values as indented JSON. Cuts at 20,000 UTF-16 units. */
export function pretty(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '');
  return clip(text, longest);
}

/**
 * Formats a value as one line of at most 160 UTF-16 units, for a quick look: `{"expression":"6*7"}` is `6*7`.
 */
export function gist(value: unknown): string {
  const only = unwrap(value);
  const text = isRecordLike(only) ? members(only) : inline(only);
  return clip(text.replaceAll(/\s+/g, ' ').trim(), longestGist);
}

/** Formats a value in the same way, but returns undefined when it holds several values or none. */
export function gistOfOne(value: unknown): string | undefined {
  const only = unwrap(value);
  return isRecordLike(only) || only === null || only === undefined ? undefined : gist(only);
}

/** Returns the innermost value while each level holds only one. */
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
  // Does not cut inside a surrogate pair.
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}
