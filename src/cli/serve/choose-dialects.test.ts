import { expect, test } from 'vitest';
import { chooseDialects } from './choose-dialects.ts';

const namesOf = (...given: Parameters<typeof chooseDialects>): readonly string[] =>
  chooseDialects(...given).map(({ name }) => name);

test('all dialects are on by default, and none where all callers are one owner', () => {
  expect(namesOf([], true)).toEqual(['ai-sdk', 'ag-ui', 'openai', 'a2a', 'mcp']);
  expect(namesOf([], false)).toEqual([]);
});

test('names choose, once each, also where all callers are one owner', () => {
  expect(namesOf(['ag-ui'], true)).toEqual(['ag-ui']);
  expect(namesOf(['ag-ui', 'ai-sdk', 'ag-ui'], false)).toEqual(['ag-ui', 'ai-sdk']);
  expect(namesOf(['none'], true)).toEqual([]);
});

test.each([[['openai2']], [['none', 'ai-sdk']]])('%j is refused with the names that there are', (names) => {
  expect(() => chooseDialects(names, true)).toThrow(
    /"(openai2|none)" for --dialects; there are: ai-sdk, ag-ui, openai, a2a, mcp/,
  );
});
