import { isJapanese } from './is-japanese.ts';

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/** A text in the pieces a reader sees come in: words with the space after them, in Japanese as its words are cut. */
export function toWordPieces(text: string): readonly string[] {
  return (text.match(/\S+\s*|^\s+/g) ?? []).flatMap((word) =>
    isJapanese(word) ? Array.from(segmenter.segment(word), ({ segment }) => segment) : [word],
  );
}
