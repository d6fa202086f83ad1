import { isRecord } from '../../../protocol/internal.ts';
import { fieldsOf, textOf } from '../../kit/index.ts';

/**
 * Applies a JSON Patch (RFC 6902) to a value, which is not changed. Operations that do not fit are left out:
 * the state is sent back to the server that made the patch, and it is not shown.
 */
export function applyPatch(value: unknown, operations: readonly unknown[]): unknown {
  return operations.map(fieldsOf).reduce<unknown>((current, { op, path, from, value: given }) => {
    const target = toKeys(path);
    switch (op) {
      case 'add':
      case 'replace':
        return write(current, target, { value: given, isNew: op === 'add' });
      case 'remove':
        return write(current, target, undefined);
      case 'copy':
      case 'move': {
        const source = toKeys(from);
        const found = read(current, source);
        if (found === undefined) return current;
        const left = op === 'move' ? write(current, source, undefined) : current;
        return write(left, target, { value: found, isNew: true });
      }
      default:
        return current;
    }
  }, value);
}

function toKeys(path: unknown): readonly string[] {
  return textOf(path)
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Returns the value at a place; undefined if there is none, as JSON has no such value. */
function read(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) =>
      Array.isArray(at) ? at[Number(key)] : Object.hasOwn(fieldsOf(at), key) ? fieldsOf(at)[key] : undefined,
    value,
  );
}

interface Written {
  readonly value: unknown;
  /** Whether a list gets longer by it. */
  readonly isNew: boolean;
}

/** Returns the value with another one at a place; without `written` the place is removed. */
function write(value: unknown, keys: readonly string[], written: Written | undefined): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return written?.value;
  if (Array.isArray(value)) {
    const at = key === '-' ? value.length : Number(key);
    if (!(at >= 0 && at <= value.length)) return value;
    if (rest.length > 0)
      return value.map((item: unknown, n) => (n === at ? write(item, rest, written) : item));
    const kept = written?.isNew === true ? 0 : 1;
    return [...value.slice(0, at), ...(written ? [written.value] : []), ...value.slice(at + kept)];
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([name]) => name !== key);
  if (rest.length === 0 && written === undefined) return Object.fromEntries(entries);
  if (rest.length > 0 && !Object.hasOwn(value, key)) return value;
  const next = rest.length > 0 ? write(value[key], rest, written) : written?.value;
  return Object.fromEntries([...entries, [key, next]]);
}
