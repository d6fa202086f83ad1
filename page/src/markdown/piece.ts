import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import { readPhrasing } from './read.ts';

/** Text that is read at once. Reading may cost the square of its length, so pieces are short. */
export interface TextPiece {
  readonly text: string;
  /** Labels that may refer to a definition. */
  readonly labels: readonly string[];
  /** Shown unchanged, without being read. */
  readonly isPlain?: true;
}

// Ordinary paragraphs weigh less. A character that may be markup weighs more, because pairing marks is the
// expensive part.
const maxWeight = 4096;
const markupWeight = 16;
const isMarkup: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  '*_~`[]<!\\&@$'.includes(String.fromCharCode(code)),
);

export function createPiece(text: string): TextPiece {
  return { text, labels: text.includes('[') ? labelsOf(text) : none };
}

/**
 * Cuts the first piece off a text that is too long for one. It prefers a place that no markup spans. Only the
 * text up to the cut decides, so the cut is the same however the text arrives. `cuts` caches earlier pieces
 * by the text that decided.
 */
export function cutPiece(text: string, cuts: Map<string, TextPiece>): TextPiece | undefined {
  const window = windowOf(text);
  if (window === undefined) return undefined;
  let piece = cuts.get(window);
  if (piece === undefined) {
    piece = createPiece(window.slice(0, endIn(window)));
    cuts.set(window, piece);
  }
  return piece;
}

/** Returns the part of a text that is read at once; undefined when that is all of it. */
export function windowOf(text: string): string | undefined {
  let weight = 0;
  for (let index = 0; index < text.length; index += 1) {
    weight += isMarkup[text.charCodeAt(index)] ? markupWeight : 1;
    if (weight > maxWeight)
      return text.slice(0, isHighSurrogate(text.charCodeAt(index - 1)) ? index - 1 : index);
  }
  return undefined;
}

function endIn(window: string): number {
  let end: number | undefined;
  for (const { type, position } of readPhrasing(window)) {
    const from = Math.max(position?.start.offset ?? 0, window.length / 2);
    if (type !== 'text' || position?.end.offset === undefined) continue;
    const source = window.slice(from, position.end.offset);
    // Markup that is open here may close later: it is left to the next piece.
    const open = source.search(/[*_~`[<]/);
    const before = open < 0 ? source : `${source.slice(0, open)}x`;
    for (const { index } of before.matchAll(/(?<=[^\s\\])\s(?=\S)/g)) end = from + index;
    if (open >= 0 && end !== undefined) break;
  }
  return end ?? window.length;
}

function labelsOf(text: string): readonly string[] {
  const found = text.matchAll(/\[((?:\\[^]|[^[\]\\]){1,999})\]/g);
  return Array.from(found, ([, label = '']) => normalizeIdentifier(label));
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

const none: readonly string[] = [];
