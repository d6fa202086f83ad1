import { stemmer } from 'stemmer';
import { glossary, synonyms } from './glossary.ts';
import { isJapanese } from './is-japanese.ts';

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/**
 * Returns the stems of a text's words, in lower case. A name such as `onCrash` is three: its two words, and
 * the whole.
 */
export function toTerms(text: string): string[] {
  const plain = text
    .normalize('NFKC')
    // In the middle of a sentence this is the language, and not the verb.
    .replaceAll(/(?<=\w[ ,]+)Go\b/g, 'golang')
    .replaceAll(/\b(back|log|set|sign)(?:s|ged|ed|ting|ging|ning)?[ -](up|in|out)\b/gi, '$1$2')
    .replaceAll(/[’']s\b/g, '')
    .replaceAll(/\p{L}+(?:-\p{L}+)+/gu, (name) => `${name} ${name.replaceAll('-', '')}`)
    .replaceAll(
      /\p{L}*\p{Ll}\p{Lu}\p{L}*/gu,
      (name) => `${name.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')} ${name}`,
    );
  return Array.from(segmenter.segment(plain.toLowerCase()))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => stemmer(irregular.get(segment) ?? segment));
}

/** Forms of verbs that have another stem than the verb itself. */
const irregular: ReadonlyMap<string, string> = new Map(
  Object.entries({
    built: 'build',
    // Not the plural of http.
    https: 'tls',
    kept: 'keep',
    lost: 'lose',
    made: 'make',
    ran: 'run',
    sent: 'send',
    spoken: 'speak',
    written: 'write',
  }),
);

/** Returns the terms of a heading, without words that are all over. */
export function toTitleTerms(text: string): string[] {
  return toTerms(text.replace(/^\d+\. /, '')).filter((word) => !stopWords.has(word));
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
  // Figures answer it, if it begins so. In "How do I limit how many …" the amount is not asked for.
  const amount = /^\W*how (?:many|much|fast|large|big)\b/i.test(plain) ? [toTerms('figures million')] : [];
  const words = toTerms(plain)
    .filter((word) => !stopWords.has(word) && !/^\p{Script=Hiragana}+$/u.test(word))
    .filter((word) => translated.length === 0 || !isJapanese(word))
    .map((word) => [word, ...(alike.get(word) ?? [])]);
  return [...words, ...translated, ...amount];
}

/** The synonyms of each word, by their stems. A word may be in several texts. */
const alike = new Map<string, string[]>();
for (const text of synonyms) {
  const words = toTerms(text);
  for (const word of words)
    alike.set(word, [...(alike.get(word) ?? []), ...words.filter((other) => other !== word)]);
}

const stopWords = new Set(
  toTerms(
    `a about add all an and any are as at be by can could did do does for from get give go has have how i if in into is
    it its just let like make may me more most my need no not of on or our out over own please say should show so some
    tell than that the their them then there these they this to up us use used using want was we were what when where
    which who why will with work works would you your explain happen happens mean means support after again also
    another before best between during each else every here into just only other per possible really same still
    through via while yet able actually already always ever someone something thing things way much many set setup one two same
    mine ours yours run old`,
  ),
);
