import { expect, test } from 'vitest';
import { toShownParts } from './shown-parts.ts';

const text = (part: string, said: string) => ({
  type: 'text',
  text: said,
  providerMetadata: { heddle: { part } },
});

test('leaves out what was discarded, and shows what was replaced', () => {
  const parts = [
    { type: 'step-start' },
    text('t:1', 'Wrong.'),
    text('t:2', 'A secret, and more'),
    { type: 'text', text: 'of another server' },
    { type: 'data-discard', data: { parts: ['t:1'] } },
    { type: 'data-replace', data: { part: 't:2', text: 'A word', length: 8 } },
    { type: 'data-map', data: 1 },
  ];
  expect(toShownParts(parts)).toEqual([
    { type: 'step-start' },
    { ...text('t:2', 'A word, and more') },
    { type: 'text', text: 'of another server' },
    { type: 'data-map', data: 1 },
  ]);
});

test('leaves other messages as they are', () => {
  const parts = [text('t:1', 'Hi'), { type: 'data-discard', data: null }, { type: 'data-replace', data: {} }];
  expect(toShownParts(parts)).toEqual([text('t:1', 'Hi')]);
});
