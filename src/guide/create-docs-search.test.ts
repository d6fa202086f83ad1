import { expect, test } from 'vitest';
import { createDocsSearch } from './create-docs-search.ts';
import { toWordPieces } from './to-pieces.ts';

const docs = [
  {
    title: 'Protocol',
    path: 'PROTOCOL.md',
    text: `# Protocol
Frames are server-sent events.

## Resume
A reader comes back with \`Last-Event-ID\` and goes on.

\`\`\`sh
# not a heading
curl -N -H 'Last-Event-ID: 7-abc' http://127.0.0.1:8000/stream/s

# nor this
\`\`\`

## Cancel
- The text so far stays.
- A disconnect never cancels a turn.
- A cancel is a POST.
`,
  },
  { title: '日本語', path: 'docs/ja.md', text: '# はじめに\n小さな織機の話です。糸を通します。' },
];
const search = await createDocsSearch(docs);

test('a question finds the section about it, with its path', () => {
  const [found] = search('How does a reader resume after a Last-Event-ID?');
  expect(found).toMatchObject({ title: 'Resume', path: 'PROTOCOL.md' });
  expect(found?.excerpt).toContain('goes on.');
});

test('code stays whole in an excerpt, and its comments are not headings', () => {
  expect(search('resume reader')[0]?.excerpt).toContain('# nor this\n```');
});

test('an excerpt starts where the words are', () => {
  expect(search('Does a disconnect cancel?')[0]?.excerpt).toMatch(
    /^- A disconnect never cancels a turn\.\n- A cancel/,
  );
});

test('a Japanese question finds Japanese text, and English text by what its words mean', () => {
  expect(search('織機の糸について')[0]?.path).toBe('docs/ja.md');
  expect(search('再開のしかたは?')[0]?.title).toBe('Resume');
  expect(search('切断するとキャンセルされますか?')[0]?.title).toBe('Cancel');
});

test('a question that shares too little with the docs finds nothing', () => {
  expect(search('Write a poem about the wild sea and a reader')).toEqual([]);
  expect(search('')).toEqual([]);
  // Names of every object.
  expect(search('constructor toString __proto__')).toEqual([]);
  expect(search('the of and')).toEqual([]);
});

test('other work runs while documents are indexed', async () => {
  let ran = 0;
  const work = (): void => {
    ran += 1;
    loop = setImmediate(work);
  };
  let loop = setImmediate(work);
  await createDocsSearch(docs);
  clearImmediate(loop);
  expect(ran).toBeGreaterThanOrEqual(docs.length);
});

test('the pieces of a text are the whole text', () => {
  for (const text of [
    'One  two\n\nthree. ',
    '  lead',
    '今日は良い天気です。 **太字**と`code`。\n次の行',
    '',
  ]) {
    expect(toWordPieces(text).join('')).toBe(text);
  }
  expect(toWordPieces('今日は良い天気です').length).toBeGreaterThan(3);
});
