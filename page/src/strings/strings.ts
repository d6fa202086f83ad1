import { ownSettings } from '../app/own-settings.ts';
import { english } from './english.ts';
import type { Strings } from './english.ts';
import { japanese } from './japanese.ts';

/** The texts of the page, in its own language or else in the first of the user's that has a table. */
export const strings: Strings = chooseStrings(toLanguages(ownSettings.language));

function toLanguages(own: string | undefined): readonly string[] {
  if (own !== undefined) return [own];
  return typeof navigator === 'undefined' ? [] : (navigator.languages ?? [navigator.language]);
}

export function chooseStrings(languages: readonly string[]): Strings {
  for (const language of languages) {
    if (/^ja\b/i.test(language)) return japanese;
    if (/^en\b/i.test(language)) return english;
  }
  return english;
}
