/**
 * The language a text is surely written in, for its `lang` attribute: without it a browser picks Chinese shapes for
 * Japanese kanji, and a screen reader the wrong voice. Kana occur in no other language.
 */
export function languageOf(text: string): 'ja' | 'ko' | undefined {
  if (/[\u3041-\u309f\u30a1-\u30fa]/u.test(text)) return 'ja';
  if (/[\uac00-\ud7a3]/u.test(text)) return 'ko';
  return undefined;
}
