import { checkNumber } from '../protocol/internal.ts';
import type { MessageState, Turn } from '../protocol/index.ts';

/**
 * Creates the `history` of a turn. An agent may change what it gets, so it gets copies. Each message is
 * copied once, when it is first asked for, and the same count returns the same list. It returns at most the
 * last `most` messages.
 */
export function createTurnHistory(messages: readonly MessageState[], most = Infinity): Turn['history'] {
  const copies = new Map<number, MessageState>();
  const lists = new Map<number, readonly MessageState[]>();
  const toCopied = (message: MessageState, index: number): MessageState => {
    const copy = copies.get(index) ?? toCopy(message);
    copies.set(index, copy);
    return copy;
  };
  return (count = Infinity) => {
    checkNumber('history(count)', count, { whole: true, infinity: 'for all' });
    const start = Math.max(0, messages.length - Math.min(count, most));
    const list =
      lists.get(start) ?? messages.slice(start).map((message, index) => toCopied(message, start + index));
    lists.set(start, list);
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
