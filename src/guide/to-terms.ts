import { glossary } from './glossary.ts';
import { isJapanese } from './is-japanese.ts';
import { stem } from './stem.ts';
import { synonyms } from './synonyms.ts';

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/** The stems of a text's words to search by, in lower case; of names such as `Last-Event-ID` the parts too. */
export function toTerms(text: string): string[] {
  return toWords(text).map(stem);
}

/**
 * What a question is about: for each of its words that says something, the terms that stand for it in the docs. The docs are in
 * English, so Japanese words bring their English ones.
 */
export function toQueryTerms(question: string): readonly (readonly string[])[] {
  const plain = question.normalize('NFKC').toLowerCase();
  const words = toWords(plain.replace(howMuch, ' ')).filter(
    (word) => !stopWords.has(word) && (word.length > 1 || isJapanese(word)),
  );
  const meant = Object.entries(glossary).flatMap(([japanese, english]) =>
    plain.includes(japanese) ? [toTerms(english)] : [],
  );
  const asked = isJapanese(plain) ? words.filter((word) => !/^\p{Script=Hiragana}+$/u.test(word)) : words;
  const kept = meant.length > 0 ? asked.filter((word) => !isJapanese(word)) : asked;
  const terms = [...kept.map(withSynonyms), ...meant];
  // These are all over Heddle's docs, and say something only where nothing else is asked about.
  const telling = terms.filter(([term]) => term !== 'heddl' && term !== 'agent');
  const distinct = new Map((telling.length > 0 ? telling : terms).map((each) => [each.join(' '), each]));
  return [...distinct.values()];
}

function withSynonyms(word: string): readonly string[] {
  const term = stem(word);
  const others = Object.entries(synonyms).find(([each]) => stem(each) === term)?.[1];
  return [term, ...(others === undefined ? [] : toTerms(others))];
}

function toWords(text: string): readonly string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const names = plain.match(/[a-z0-9]+(?:[_-][a-z0-9]+)+/g) ?? [];
  const words = isJapanese(plain) ? segment(plain) : (plain.match(/[\p{L}\p{N}]+/gu) ?? []);
  return [...names, ...words.flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? [])];
}

function segment(text: string): readonly string[] {
  return Array.from(segmenter.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map((each) => each.segment);
}

// The adjective is only a part of the question; elsewhere it may say something.
const howMuch = /\bhow (?:big|large|long|many|much|often|soon)\b/g;

const stopWords = new Set(
  `a about all an and any are as at be by can could did do does for from get give go has have how i if in into is it its just let
  like make may me more most my need no not of on or our out over own please say should show so some tell than that the their them
  then there these they this to up us use used using want was we were what when where which who why will with work works would
  you your explain happen happens mean means write`.split(/\s+/),
);
