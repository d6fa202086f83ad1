// Beyond these a browser gets slow and nobody reads on.
const longest = 20_000;
const deepest = 64;
const longestGist = 160;

/** A value as people read it: text as it is, the rest as indented JSON. */
export function pretty(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(toShallow(value), undefined, 2) ?? '');
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
  let inner = value;
  while (isRecordLike(inner)) {
    const [first, ...others] = Object.values(inner);
    if (first === undefined || others.length > 0) break;
    inner = first;
  }
  return inner;
}

/** A value without what lies too deep: written out in lines, a thousand levels are a million spaces. */
function toShallow(value: unknown, levels = deepest): unknown {
  if (!isRecordLike(value)) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map((member) => toShallow(member, levels - 1));
  const members = Object.entries(value).map(([name, member]) => [name, toShallow(member, levels - 1)]);
  return Object.fromEntries(members);
}

function members(value: object): string {
  if (Array.isArray(value)) return inline(value);
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${inline(member)}`)
    .join(', ');
}

function inline(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(toShallow(value)) ?? '');
}

function isRecordLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  // Not in the middle of a surrogate pair.
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}
