import type { SpokenEvent } from '../protocol/index.ts';

/**
 * The longest text one event carries, in UTF-16 units. Readers bound an event to 1 MiB by default (wire); a unit takes
 * at most 6 bytes as JSON, so an event of this size always passes.
 */
const maxText = 64 * 1024;

/** The longest JSON one event carries, in UTF-16 units. */
const maxJson = 256 * 1024;

/** Cuts a long text into pieces that each fit one event, never between the halves of a surrogate pair. */
export function splitText(text: string): readonly string[] {
  if (text.length <= maxText) return [text];
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + maxText, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/**
 * A value as plain JSON, copied, so that what an agent changes later does not change what was said. What JSON cannot hold
 * is told as text, and what is too long for one event is cut, and says so.
 */
export function toJson(value: unknown): unknown {
  const text = stringify(value);
  if (text.length > maxJson) {
    return { truncated: true, length: text.length, start: splitText(text)[0] ?? '' };
  }
  return JSON.parse(text);
}

/** A text that fits one event; what is beyond is left out. */
export function cutText(text: string): string {
  return splitText(text)[0] ?? '';
}

/** Whether a name in an event (a part, a call, a tool …) is longer than 200 UTF-16 units: a name, and not a text. */
export function hasLongName(events: readonly SpokenEvent[]): boolean {
  return events.some((event) =>
    nameFields.some((field) => String(Reflect.get(event, field) ?? '').length > 200),
  );
}

const nameFields = ['part', 'step', 'call', 'tool', 'name', 'approval'] as const;

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    // A circle or a BigInt.
    return JSON.stringify(String(value));
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
