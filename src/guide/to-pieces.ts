import { isJapanese } from './is-japanese.ts';

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/** Splits a text into the pieces that the guide streams: words with the space after them. */
export function toWordPieces(text: string): readonly string[] {
  return (text.match(/\S+\s*|^\s+/g) ?? []).flatMap((word) =>
    isJapanese(word) ? Array.from(segmenter.segment(word), ({ segment }) => segment) : [word],
  );
}
