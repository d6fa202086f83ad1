import type { PageLanguage, PageText } from './page-settings.ts';

/**
 * Returns a text in a language: in English if it has none in that language, or else the first that it has.
 */
export function toLanguage(text: PageText, language: PageLanguage = 'en'): string {
  if (typeof text === 'string') return text;
  return text[language] ?? text['en'] ?? Object.values(text)[0] ?? '';
}
