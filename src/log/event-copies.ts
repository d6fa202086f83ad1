import { isSessionEvent } from '../protocol/index.ts';
import type { SessionEvent } from '../protocol/index.ts';

/**
 * Copies events as a conversion to JSON and back would. Throws a TypeError if one is not an event then.
 * `text` is called only if an event has more than texts and whole numbers. It returns the JSON of all events.
 */
export function copyEvents(events: readonly SessionEvent[], text: () => string): readonly SessionEvent[] {
  const copies: SessionEvent[] = [];
  for (const event of events) {
    const copy = toFlatCopy(event);
    if (copy === undefined) return fromJson(text());
    copies.push(copy);
  }
  return copies;
}

function fromJson(text: string): readonly SessionEvent[] {
  const copies: readonly unknown[] = JSON.parse(text);
  if (!copies.every(isSessionEvent)) throw new TypeError('What is appended is not an event.');
  return copies;
}

/**
 * Copies an event that has only texts and whole numbers, as nearly all have. This is several times faster
 * than JSON. Returns undefined for every other value: JSON changes or drops some of them, or it is no event.
 */
function toFlatCopy(event: SessionEvent): SessionEvent | undefined {
  // Only a plain object has no `toJSON` of its class.
  if (typeof event !== 'object' || event === null || Object.getPrototypeOf(event) !== Object.prototype)
    return undefined;
  const copy = { ...event };
  for (const field in copy) {
    const value: unknown = Reflect.get(copy, field);
    // JSON has no minus zero.
    if (typeof value !== 'string' && (!Number.isSafeInteger(value) || value === 0)) return undefined;
  }
  return isSessionEvent(copy) ? copy : undefined;
}
