/**
 * Returns the language of a text for its `lang` attribute, when it is certain. Without it a browser uses
 * Chinese glyphs for Japanese kanji, and a screen reader the wrong voice. Kana occur only in Japanese.
 */
export function languageOf(text: string): 'ja' | 'ko' | undefined {
  if (/[\u3041-\u309f\u30a1-\u30fa]/u.test(text)) return 'ja';
  if (/[\uac00-\ud7a3]/u.test(text)) return 'ko';
  return undefined;
}
