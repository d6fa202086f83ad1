import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDocument } from './document.ts';
import type { MarkdownDocument } from './document.ts';
import type { MarkdownNode } from './nodes.ts';
import type { TextPiece } from './piece.ts';
import { cutText, long } from './texts.fixture.ts';

test('a text reads the same, wherever it was cut while it arrived', () => {
  assert(
    property(cutText, ({ text, cuts }) => {
      const document = createDocument();
      for (const cut of cuts) document.read(text.slice(0, cut), true);
      expect(shown(document, text)).toEqual(shown(createDocument(), text));
    }),
    { numRuns: 500 },
  );
});

test('so does a text that is too long to be read at once', () => {
  for (const text of long) {
    const document = createDocument();
    for (let end = 0; end < text.length; end += 211) document.read(text.slice(0, end), true);
    expect(shown(document, text), text.slice(0, 40)).toEqual(shown(createDocument(), text));
  }
});

test('a text with another beginning is read from the start', () => {
  const document = createDocument();
  document.read('- a\n- b', true);
  expect(shown(document, '# c')).toEqual(shown(createDocument(), '# c'));
});

test('half a line that may begin an item does not turn the paragraph before it into a heading', () => {
  const document = createDocument();
  const { version } = document.read('a\n', true).root.children[0] ?? {};
  expect(document.read('a\n-', true).root.children[0]?.version).toBe(version);
  expect(document.read('a\n- b', true).root.children.map(({ type }) => type)).toEqual(['text', 'list']);
  expect(document.read('a\n-', false).root.children[0]).toMatchObject({ type: 'text', depth: 2 });
});

describe('closed blocks are not read again', () => {
  const growing: Record<string, readonly [begin: string, more: string]> = {
    paragraphs: ['', 'a **b** c\n\n'],
    headings: ['', '# a\n'],
    'a list': ['', '- a **b**\n'],
    'a loose list': ['', '1. a\n\n'],
    'a list in a list': ['- a\n', '  - b\n'],
    'an item of many blocks': ['- a\n\n', '  b\n\n'],
    'a quote': ['', '> a\n>\n'],
    'a quote in an item in a quote': ['> - > a\n', '>   > - b\n'],
    'a table': ['| a | b |\n|---|---|\n', '| c | d |\n'],
    'a fence': ['```\n', 'a line of code of some length\n'],
    'a fence in an item': ['- ```\n', '  a line of code of some length\n'],
    'code by its indent': ['', '    a line of code of some length\n'],
    'HTML over blank lines': ['<pre>\n', '<b>a line of some length</b>\n\n'],
    'a comment': ['<!--\n', 'a line of some length\n'],
    'a footnote': ['[^1]\n\n[^1]: a\n\n', '    b\n\n'],
    footnotes: ['', 'a\n\n[^1]: b\n\n'],
    definitions: ['', '[a]: https://example.com/an-address "and a title"\n'],
    'a paragraph of many lines': ['', 'a line of **some** length, and more of it\n'],
    'a line without an end': ['', 'a sentence of **some** length, and more of it. '],
    'a word without an end': ['', 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0'],
    'a heading without an end': ['# ', 'a sentence of **some** length, and more of it. '],
    'a line of Chinese': ['', '这是一个没有空格的段落，'],
    'stars that open and close': ['', 'a*'],
    brackets: ['', '[]['],
    backticks: ['', '` `` '],
    'halves of comments': ['x', ' <!--'],
  };
  for (const [name, [begin, more]] of Object.entries(growing)) {
    test(name, () => {
      const document = createDocument();
      const text = begin + more.repeat(Math.ceil(20_000 / more.length));
      const before = partsOf(document.read(text, true).root);
      const now = new Set(partsOf(document.read(text + more.repeat(4), true).root));
      expect(before.length).toBeGreaterThan(4);
      // Except the last part and its containers.
      expect(before.filter((part) => !now.has(part)).length).toBeLessThan(10);
      for (const part of now) expect(lengthOf(part)).toBeLessThan(5_000);
    });
  }
});

test('a late definition touches only the texts that refer to it', () => {
  const document = createDocument();
  const text = 'a [b] c\n\n'.repeat(3) + 'd\n\n'.repeat(50) + '- e\n- [b]\n\n';
  const before = partsOf(document.read(text, true).root);
  const now = new Set(partsOf(document.read(`${text}[b]: /x\n\nf`, true).root));
  // Four paragraphs, the item, the list, and the text.
  expect(before.filter((part) => typeof part === 'number' && !now.has(part))).toHaveLength(7);
  expect(before.filter((part) => typeof part !== 'number' && !now.has(part))).toEqual([]);
});

describe('deep nesting stops at a limit:', () => {
  for (const mark of ['> ', '>', '- ', '1. ', '* > ', '- - ', '[^a]: ', '\t- ']) {
    test(JSON.stringify(mark), () => {
      const text = mark.repeat(3_000);
      for (const more of [
        `${text}x`,
        `${text}x\n${text}y`,
        mark
          .split('')
          .map((_, end) => text.slice(end))
          .join('\n'),
      ]) {
        expect(depthOf(createDocument().read(more, false).root)).toBeLessThan(70);
      }
    });
  }

  test('each line inside the previous one', () => {
    const text = Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n');
    expect(depthOf(createDocument().read(text, false).root)).toBeLessThan(70);
  });
});

/** Returns a document without the fields that depend on how it arrived. */
function shown(document: MarkdownDocument, text: string): unknown {
  const { root, footnotes } = document.read(text, false);
  const without = new Set([
    'parent',
    'version',
    'list',
    'note',
    'cut',
    'header',
    'isBare',
    'isAfterBlank',
    'size',
    'asked',
  ]);
  const plain = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, each: unknown) => (without.has(key) ? undefined : each)));
  return plain([root, [...footnotes.numbers]]);
}

/**
 * Returns the parts that are rendered, as the values that decide whether they render again: versions of
 * nodes, pieces, and groups of lines.
 */
function partsOf(node: MarkdownNode): readonly (number | string | TextPiece)[] {
  const own = 'pieces' in node ? node.pieces : 'groups' in node ? node.groups : [];
  return [node.version, ...own, ...('children' in node ? node.children.flatMap(partsOf) : [])];
}

function lengthOf(part: number | string | TextPiece): number {
  if (typeof part === 'number') return 0;
  return typeof part === 'string' ? part.length : part.text.length;
}

function depthOf(node: MarkdownNode): number {
  return 1 + ('children' in node ? Math.max(0, ...node.children.map(depthOf)) : 0);
}
