import { glossary } from './glossary.ts';
import { isJapanese } from './is-japanese.ts';

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/** The words of a text to search by, in lower case; of names such as `Last-Event-ID` the parts too. */
export function toTerms(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const names = plain.match(/[a-z0-9]+(?:[_-][a-z0-9]+)+/g) ?? [];
  const words = isJapanese(plain) ? segment(plain) : (plain.match(/[\p{L}\p{N}]+/gu) ?? []);
  return [...names, ...words.flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? [])];
}

/** The words of a question that say what it is about. The docs are in English, so Japanese words bring their English ones. */
export function toQueryTerms(question: string): readonly string[] {
  const words = toTerms(question).filter(
    (term) => !stopWords.has(term) && (term.length > 1 || isJapanese(term)),
  );
  const plain = question.normalize('NFKC').toLowerCase();
  const meant = Object.entries(glossary).flatMap(([japanese, english]) =>
    plain.includes(japanese) ? english.split(' ') : [],
  );
  const asked = isJapanese(plain) ? words.filter((term) => !/^\p{Script=Hiragana}+$/u.test(term)) : words;
  return [...new Set(meant.length > 0 ? [...asked.filter((term) => !isJapanese(term)), ...meant] : asked)];
}

function segment(text: string): readonly string[] {
  return Array.from(segmenter.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map((each) => each.segment);
}

const stopWords = new Set(
  `a about all an and any are as at be by can could did do does for from get give go has have how i if in into is it its just let
  like make may me more most my need no not of on or our out over please say should show so some tell than that the their them
  then there these they this to up us use used using want was we were what when where which who why will with work works would
  you your explain happen happens mean means write`.split(/\s+/),
);
