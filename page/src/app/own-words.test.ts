import { expect, test } from 'vitest';
import { english } from '../strings/english.ts';
import { japanese } from '../strings/japanese.ts';
import { toOwnWords } from './own-words.ts';

test('without settings the words are neutral', () => {
  expect(toOwnWords({}, english)).toMatchObject({
    title: 'Chat',
    greeting: english.greeting,
    introduction: english.introduction,
    examples: [],
    links: [],
    footer: undefined,
  });
});

test('a text comes in the language of the page, else in English, else in any', () => {
  const title = (text: Readonly<Record<string, string>>): string =>
    toOwnWords({ title: text }, japanese).title;
  expect(title({ en: 'Help', ja: 'ヘルプ' })).toBe('ヘルプ');
  expect(title({ fr: 'Aide', en: 'Help' })).toBe('Help');
  expect(title({ fr: 'Aide' })).toBe('Aide');
});

test('a greeting of its own does not come with the neutral introduction', () => {
  expect(toOwnWords({ greeting: 'How can we help?' }, english).introduction).toBeUndefined();
  expect(toOwnWords({ greeting: 'Hello.', introduction: 'Ask.' }, english).introduction).toBe('Ask.');
});
