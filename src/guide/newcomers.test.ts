import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readDocs } from '../cli/serve/read-docs.ts';
import { createDocsSearch } from './create-docs-search.ts';
import { newcomers } from './newcomers.fixture.ts';

/** The place of the first right section among the answers to each question: 0 for the first; -1 for none. */
const places = new Map<string, number>();
const docs = readDocs(join(import.meta.dirname, '../..'));

beforeAll(async () => {
  const search = await createDocsSearch(docs);
  for (const [question, ...sections] of newcomers) {
    const found = search(question).map(({ path, title }) => `${path}#${title}`);
    places.set(
      question,
      found.findIndex((section) => sections.includes(section)),
    );
  }
});

const asked = (isMissed: (place: number) => boolean): readonly string[] =>
  [...places].filter(([, place]) => isMissed(place)).map(([question]) => question);

test('of 60 questions of newcomers, at least 55 find the right section first', () => {
  expect(places.size).toBe(60);
  expect(asked((place) => place !== 0).length, asked((place) => place !== 0).join('\n')).toBeLessThanOrEqual(
    5,
  );
});

test('each question of newcomers finds the right section among the three answers', () => {
  expect(asked((place) => place === -1)).toEqual([]);
});

test('the sections of the table are in the docs', () => {
  const headings = new Set(
    docs.flatMap(({ path, text }) =>
      Array.from(
        text.matchAll(/^#+ (.+)$/gm),
        ([, heading = '']) => `${path}#${heading.replaceAll(/[*`]/g, '')}`,
      ),
    ),
  );
  expect(
    newcomers.flatMap(([, ...sections]) => sections).filter((section) => !headings.has(section)),
  ).toEqual([]);
});
