import { checkNumber } from '../protocol/internal.ts';
import type { MessageState, Turn } from '../protocol/index.ts';

/**
 * Creates the `history` of a turn. An agent may change what it gets, so it gets copies. The same
 * count returns the same list. `read` returns the last messages; `most` is how many of them the agent takes.
 */
export function createTurnHistory(
  read: (count: number) => readonly MessageState[],
  most: number = Infinity,
): Turn['history'] {
  const lists = new Map<number, readonly MessageState[]>();
  return (count = Infinity) => {
    checkNumber('history(count)', count, { whole: true, infinity: 'for all' });
    const taken = Math.min(count, most);
    const list = lists.get(taken) ?? read(taken).map((message) => toCopy(message));
    lists.set(taken, list);
    return list;
  };
}

/** Copies a JSON value, several times as fast as `structuredClone`. */
function toCopy<Value>(value: Value): Value;
function toCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toCopy);
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    // An assignment to `__proto__` would change the prototype.
    if (key === '__proto__') {
      Object.defineProperty(copy, key, {
        value: toCopy(member),
        configurable: true,
        enumerable: true,
        writable: true,
      });
    } else copy[key] = toCopy(member);
  }
  return copy;
}
