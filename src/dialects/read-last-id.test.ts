import { expect, test } from 'vitest';
import { readLastId } from './read-last-id.ts';

test.each([
  [undefined, '', undefined],
  ['', '', undefined],
  ['2-aaaaaa', '', '2-aaaaaa'],
  [undefined, 'after=1-aaaaaa', '1-aaaaaa'],
  ['', 'after=1-aaaaaa', '1-aaaaaa'],
  ['2-aaaaaa', 'after=1-aaaaaa', '2-aaaaaa'],
  [undefined, 'after=', undefined],
])('the header %j and the query %j name the id %j', (header, query, id) => {
  expect(readLastId({ header: () => header, query: new URLSearchParams(query) })).toBe(id);
});
