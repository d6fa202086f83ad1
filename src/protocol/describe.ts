/** Describes a value in a few words, for an error about a value that cannot be used. Never throws. */
export function describe(value: unknown): string {
  try {
    return toWords(value);
  } catch {
    // A revoked proxy, or a getter that throws.
    return 'an object that cannot be looked at';
  }
}

/** Returns whether a value has a method of that name. Never throws. */
export function has(value: unknown, name: string | symbol): boolean {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  try {
    return typeof Reflect.get(value, name) === 'function';
  } catch {
    return false;
  }
}

/** Returns whether a value is a promise, or works like one. Never throws. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return has(value, 'then');
}

/**
 * Returns whether a function can be called with `new` only. It does not recognise a class that was compiled
 * to a plain function; such a class throws when it is called.
 */
export function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function toWords(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing (undefined)';
    case 'string':
      if (value.length > 60) return `a text of ${value.length} characters`;
      return value === '' ? 'an empty text' : `the text ${JSON.stringify(value)}`;
    case 'function':
      return isClass(value) ? named('a class', value.name) : named('a function', value.name);
    case 'symbol':
      return 'a symbol';
    case 'object':
      return value === null ? 'null' : toWordsOfObject(value);
    default:
      return `the ${typeof value} ${String(value)}`;
  }
}

function toWordsOfObject(value: object): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Error) return named('an error', value.message);
  if (has(value, 'then')) return 'a promise';
  if (has(value, 'next')) return 'an iterator, as a call of a generator function gives';
  if (has(value, 'stream')) return 'an object with stream(), as a Strands agent is';
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an object without fields';
  return `an object with ${keys.slice(0, 8).join(', ').slice(0, 200)}${keys.length > 8 ? ' …' : ''}`;
}

function named(kind: string, name: unknown): string {
  return typeof name === 'string' && name !== '' ? `${kind} (${name.slice(0, 200)})` : kind;
}
