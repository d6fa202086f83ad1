import { stemmer } from 'stemmer';
import { glossary, synonyms } from './glossary.ts';
import { isJapanese } from './is-japanese.ts';

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/** Returns the stems of a text's words, in lower case. A name such as `onCrash` is two words. */
export function toTerms(text: string): string[] {
  const plain = text.normalize('NFKC').replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
  return Array.from(segmenter.segment(plain.toLowerCase()))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => stemmer(segment));
}

/**
 * Returns what a question is about: for each of its words that matters, the terms that stand for it in the
 * docs. The docs are in English, so the glossary's words replace the Japanese ones that it knows.
 */
export function toQueryTerms(question: string): readonly (readonly string[])[] {
  const plain = question.normalize('NFKC');
  const translated = Object.entries(glossary)
    .filter(([word]) => plain.includes(word))
    .map(([, words]) => toTerms(words));
  const words = toTerms(plain)
    .filter((word) => !stopWords.has(word) && !/^\p{Script=Hiragana}+$/u.test(word))
    .filter((word) => translated.length === 0 || !isJapanese(word))
    .map((word) => [word, ...toTerms(synonyms[word] ?? '')]);
  const terms = [...words, ...translated];
  const telling = terms.filter(([term = '']) => !common.has(term));
  return telling.length > 0 ? telling : terms;
}

// These are all over the docs. They count only if a question has no other words.
const common = new Set(toTerms('heddle agent'));

const stopWords = new Set(
  toTerms(
    `a about add all an and any are as at be by can could did do does for from get give go has have how i if in into is
    it its just let like make may me more most my need no not of on or our out over own please say should show so some
    tell than that the their them then there these they this to up us use used using want was we were what when where
    which who why will with work works would you your explain happen happens mean means write`,
  ),
);
