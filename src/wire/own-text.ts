import { decodeUtf8 } from './decode-utf8.ts';

/** Gives a text memory of its own: engines keep a slice as a view of the whole text, and this concatenation as a new one. */
export function own(text: string): string {
  return ` ${text}`.slice(1);
}

/** Cuts a part out of a text, with memory of its own; from the bytes, where each unit of the text is one of them from `base` on. */
export function detach(
  text: string,
  from: number,
  end: number,
  bytes: Uint8Array | undefined,
  base: number,
): string {
  return bytes === undefined ? own(text.slice(from, end)) : decodeUtf8(bytes, base + from, base + end);
}
