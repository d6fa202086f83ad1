/**
 * The longest text that one event carries, in UTF-16 units. Readers bound an event to 1 MiB by default
 * (wire). A unit takes at most 6 bytes as JSON, so an event of this size always passes.
 */
const maxText = 64 * 1024;

/** The longest name in an event (a part, a call, a tool …), in UTF-16 units. */
export const maxName = 200;

/** The longest JSON that one event carries, in UTF-16 units. */
const maxJson = 256 * 1024;

/** Returns whether one event can carry the text. */
export function fitsEvent(text: string): boolean {
  return text.length <= maxText;
}

/** Splits a long text into pieces that each fit one event. It never splits a surrogate pair. */
export function splitText(text: string): readonly string[] {
  if (fitsEvent(text)) return [text];
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + maxText, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** Returns whether one event can carry the JSON of a value. */
export function fitsJson(value: unknown): boolean {
  return JSON.stringify(value).length <= maxJson;
}

/**
 * Returns plain JSON that fits one event. A longer value is replaced by the start of its JSON text and its
 * length, marked as truncated.
 */
export function cutJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  if (text.length <= maxJson) return value;
  return { truncated: true, length: text.length, start: cutText(text) };
}

/** Returns the start of a text that fits one event. */
export function cutText(text: string): string {
  return splitText(text)[0] ?? '';
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
