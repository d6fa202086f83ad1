import { expect, test } from 'vitest';
import { readPageSettings } from './read-page-settings.ts';

const name = (setting?: string): string => (setting === undefined ? 'page' : `page.${setting}`);
const read = (value: unknown): unknown => readPageSettings(value, name);

test('settings are read, and texts may have languages', () => {
  const settings = {
    title: { en: 'Acme', ja: 'アクメ' },
    logo: 'logo.svg',
    greeting: 'How can we help?',
    introduction: undefined,
    examples: [
      'Where is my order?',
      { title: 'Returns', prompt: { en: 'Return a lamp', 'pt-BR': 'Devolver' } },
    ],
    accent: '#0B5CAD',
    language: 'ja',
    links: [
      { text: 'Terms', url: '/terms' },
      { text: 'Mail', url: 'mailto:help@example.com' },
    ],
    footer: ' Answers may be wrong. ',
  };
  const { introduction: _, ...given } = settings;
  const [, example] = settings.examples;
  expect(read(settings)).toEqual({
    ...given,
    examples: [{ prompt: 'Where is my order?' }, example],
    accent: '#0b5cad',
    footer: 'Answers may be wrong.',
  });
  expect(read({ accent: '#0bf' })).toEqual({ accent: '#00bbff' });
  expect(read({})).toEqual({});
});

test.each([
  [{ colour: 'red' }, /^page has no field "colour"; the fields are title, logo, greeting/],
  [[], /^page must be an object with some of title, .*, but it is a list of 0\.$/],
  [null, /but it is null/],
  [{ title: 5 }, /^page\.title must be a text of 1 to 60 characters.*but it is the number 5\.$/],
  [{ title: ' ' }, /^page\.title must be a text/],
  [{ title: 'x'.repeat(61) }, /but it is a text of 61 characters/],
  [{ title: {} }, /^page\.title must be a text, or one for each language/],
  [{ title: { English: 'Acme' } }, /but it is an object with English/],
  [{ title: { en: 5 } }, /^page\.title\.en must be a text/],
  [{ logo: 5 }, /^page\.logo must be the path or the URL of an image/],
  [{ accent: 'red' }, /^page\.accent must be a colour such as #0b5cad, but it is the text "red"\.$/],
  [{ accent: '#12345' }, /#12345/],
  [{ language: 'fr' }, /^page\.language must be en or ja.*"fr"/],
  [{ examples: 'one' }, /^page\.examples must be a list of at most 8, but it is the text "one"/],
  [{ examples: Array(9).fill('x') }, /but it is a list of 9/],
  [{ examples: ['x', 5] }, /^page\.examples\[1\] must be an object with some of title, prompt/],
  [{ examples: [{ title: 'x' }] }, /^page\.examples\[0\]\.prompt must be a text.*nothing/],
  [
    { links: [{ text: 'x', url: 'javascript:alert(1)' }] },
    /^page\.links\[0\]\.url must be an address with http/,
  ],
  [{ links: [{ text: 'x', url: 'java\nscript:alert(1)' }] }, /^page\.links\[0\]\.url/],
  [{ links: [{ text: 'x', url: ' javascript:alert(1)' }] }, /^page\.links\[0\]\.url/],
  [{ links: [{ text: 'x', url: 'data:text/html,x' }] }, /^page\.links\[0\]\.url/],
  [{ links: [{ text: 'x', url: 'example.com' }] }, /^page\.links\[0\]\.url/],
  [{ links: [{ text: 'x', href: '/x' }] }, /^page\.links\[0\] has no field "href"; the fields are text, url/],
])('%j is refused in a sentence that says what was seen and what to change', (value, sentence) => {
  expect(() => read(value)).toThrow(sentence);
  expect(() => read(value)).toThrow(TypeError);
});
