import { toBase64 } from '../protocol/internal.ts';

/** The deepest nesting that is kept. The body of a request may be as deep. */
const maxDepth = 64;
/** The number of values that are kept. One event carries no more characters than this. */
const maxValues = 256 * 1024;

/**
 * Copies any value as plain JSON. A value that JSON cannot represent is written as text (`"NaN"`, `"10"` for
 * a BigInt, `"[circular]"`). A Map and headers are written as an object, a Set as a list, bytes as
 * `{ base64 }`, and an error as `{ name, message }` without its stack. A member that throws when it is read
 * is written as `"[unreadable]"`, and the rest of the value stays. Levels beyond 64 are written as
 * `"[too deep]"`.
 */
export function toPlain(value: unknown): unknown {
  return createWalk()(value, 0);
}

function createWalk(): (value: unknown, depth: number) => unknown {
  const above = new Set<object>();
  let left = maxValues;

  const walk = (value: unknown, depth: number): unknown => {
    left -= 1;
    if (typeof value !== 'object' || value === null) return toScalar(value);
    if (above.has(value)) return '[circular]';
    if (depth >= maxDepth) return '[too deep]';
    if (left < 0) return '[too large]';
    above.add(value);
    try {
      return walkObject(value, depth + 1);
    } catch {
      // A getter, a `toJSON` or a proxy threw an error.
      return '[unreadable]';
    } finally {
      above.delete(value);
    }
  };

  const walkObject = (value: object, depth: number): unknown => {
    if (Array.isArray(value)) return walkList(value, depth);
    if (ArrayBuffer.isView(value)) return toBytes(value.buffer, value.byteOffset, value.byteLength);
    if (value instanceof ArrayBuffer) return toBytes(value, 0, value.byteLength);
    if (value instanceof Error || tagOf(value) === 'Error') return walkError(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
    const toJson: unknown = Reflect.get(value, 'toJSON');
    if (typeof toJson === 'function') return walk(Reflect.apply(toJson, value, ['']), depth);
    if (value instanceof Set) return walkList(value, depth);
    if (isPairs(value)) return walkPairs([...value], depth);
    if (['Number', 'String', 'Boolean', 'BigInt'].includes(tagOf(value))) return walk(value.valueOf(), depth);
    return walkMembers(value, depth);
  };

  const walkList = (values: Iterable<unknown>, depth: number): readonly unknown[] => {
    const list: unknown[] = [];
    for (const each of values) {
      if (left < 0) break;
      list.push(walk(each, depth));
    }
    return list;
  };

  const walkPairs = (pairs: readonly (readonly [unknown, unknown])[], depth: number): unknown => {
    if (!pairs.every(([key]) => typeof key === 'string')) return walkList(pairs, depth);
    return Object.fromEntries(pairs.map(([key, each]) => [key, walk(each, depth)]));
  };

  const walkError = (error: object, depth: number): unknown => {
    const members = ['name', 'message', 'code', 'cause', 'errors'].flatMap((key): [string, unknown][] => {
      const member = readMember(error, key);
      return member === undefined ? [] : [[key, walk(member, depth)]];
    });
    return Object.fromEntries(members);
  };

  const walkMembers = (value: object, depth: number): unknown => {
    const members: [string, unknown][] = [];
    for (const key of Object.keys(value)) {
      if (left < 0) break;
      const member = readMember(value, key);
      // As in JSON, methods are not data.
      if (member === undefined || typeof member === 'function' || typeof member === 'symbol') continue;
      members.push([key, walk(member, depth)]);
    }
    return (members.length === 0 ? toOwnWords(value) : undefined) ?? Object.fromEntries(members);
  };

  return walk;
}

function toScalar(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      // JSON has no -0.
      return Number.isFinite(value) ? value + 0 : String(value);
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return `[function ${value.name}]`;
    case 'undefined':
      return null;
    default:
      return value;
  }
}

function readMember(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return '[unreadable]';
  }
}

/** Returns whether a value is a Map or similar: headers, a form, the query of a URL. */
function isPairs(value: object): value is Iterable<readonly [unknown, unknown]> {
  const isNamed = ['Map', 'Headers', 'FormData', 'URLSearchParams'].includes(tagOf(value));
  return isNamed && Symbol.iterator in value;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Returns the text of an object's own `toString`, or undefined if it has none. */
function toOwnWords(value: object): unknown {
  const toText: unknown = Reflect.get(value, 'toString');
  if (typeof toText !== 'function' || toText === Object.prototype.toString) return undefined;
  const words: unknown = Reflect.apply(toText, value, []);
  return typeof words === 'string' ? words : undefined;
}

/** Encodes as many bytes as fit one event. More would be cut anyway. */
function toBytes(buffer: ArrayBufferLike, start: number, length: number): { readonly base64: string } {
  return { base64: toBase64(new Uint8Array(buffer, start, Math.min(length, maxValues))) };
}
