import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import { readPhrasing } from './read.ts';

/** Text that is read at once. Reading may cost the square of its length, so no piece is long. */
export interface TextPiece {
  readonly text: string;
  /** What may refer to a definition. */
  readonly labels: readonly string[];
  /** Shown as it is, without being read. */
  readonly isPlain?: true;
}

// Ordinary paragraphs weigh less. A character that may be markup counts for many: to pair those is what
// costs.
const maxWeight = 4096;
const markupWeight = 16;
const isMarkup: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  '*_~`[]<!\\&@$'.includes(String.fromCharCode(code)),
);

export function createPiece(text: string): TextPiece {
  return { text, labels: text.includes('[') ? labelsOf(text) : none };
}

/**
 * Cuts the first piece off a text that is too long for one, where no markup reaches over the cut if there is
 * such a place. Only the text up to there decides, so it is cut alike however it arrives. `cuts` holds what
 * was cut before, by what decided.
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

/** As much of a text as is read at once; undefined where that is all of it. */
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
    // Markup that is open here may be closed in what comes: it is left to the next piece.
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
