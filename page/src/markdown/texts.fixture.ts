import { array, constantFrom, integer, oneof } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { oddMarkdown, toHostileMarkdown } from './hostile.fixture.ts';

/** Ordinary output of models. */
export const ordinary: readonly string[] = [
  '# One\n\ntext *two*\n\n- a\n\n- b\n\n  more of b\n\nend',
  '1. x\n2. y\n\n   ```js\n   a\n\n   b\n   ```\n\n3. z\n\nend\n\n---\n\nlast',
  'a\n\n```md\n# no\n\nstill code\n\n```` \n\n```\n\nb\n\n~~~\nx\n\n```\n\n~~~\n\nc',
  '> q\n\n> r\n\ntext\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter\nlazy\n===\n\nb',
  'a [x][r]\n\nb\n\n[r]: https://example.com\n\nc',
  'one[^1]\n\ntwo\n\n[^1]: note\n\n    more\n\nthree',
  '    code\n\n    more\n\ntext\r\n\r\nmore\n\n\n\nend\n',
  '- [ ] open\n- [x] done\n  - [ ] inner\n\n    of inner\n',
  '> [b]: https://x.example/\n\nSee [b] and [c][b], ![d][b].',
  '| a | b | c |\n|:--|:-:|--:|\n| 1 | `x\\|y` |\n| [b] | ~~x~~ | **y** | z |\n\n[b]: /x',
  'a[^b] c[^a]\n\n[^a]: see [^b] and [^c]\n[^b]: x\n\n    - y\n\n[^c]: z',
  '[a]: /a\n[b]: </b> "t"\n[c]:\n/c\n\'t\'\n[a] [b] [c]\n===\n\n[d]: x y\n',
  '<pre>\n\n**x**\n</pre>\n\n<div>\n*y*\n\n*z*\n\n<!-- a\n\nb --> c\n\n<b>\nd</b>',
  '10) a\n11) b\n- c\n+ d\n* e\n***\n* * f\n-\n  g\n-\n\n  h',
  '> - > 1. a\n>   > b\nlazy\n> - c\n\n      d\n',
  '料金は100~200円、送料は300~400円です。これは**「重要」**な点です。詳しくはhttps://example.com/docsを参照。',
  '\u3000字下げ\u3000\n\n\u00a0x\u00a0 \t\n\n\ufeffy',
];

/** Ordinary and hostile texts. */
export const corpus: readonly string[] = [
  ...ordinary,
  ...Object.values(toHostileMarkdown('https://away.example')),
  ...oddMarkdown,
];

const words = 'some words, **bold** ones, `code` and [a link](https://a.example/b) '.repeat(90);

/** Texts with a part that is too long to be read at once. */
export const long: readonly string[] = [
  words,
  `${words.replaceAll(') ', ')\n')}\n\nend`,
  `- [ ] ${words}\n- b`,
  `# ${words}\n\n${words}\n===\n\nend`,
  `[a]: /b\n${words} [a]`,
  `[a]: /b${'b'.repeat(5_000)}\n[a]\n\n[a]`,
  `| a | b |\n|---|---|\n| ${words} |\n| c | d |\n${'| e | f |\n'.repeat(40)}`,
  `> ${words}\nlazy\n| a |\n|---|`,
  'a*'.repeat(900),
  '~~a'.repeat(400),
  '中文'.repeat(3_000),
  '\u{1f9f5}'.repeat(2_500),
  `**${'a '.repeat(3_000)}** b`,
  `\`\`\`\n${'code\n'.repeat(2_000)}`,
  `<!--\n${'code\n\n'.repeat(1_000)}-->\n\nend`,
];

/** Lines that begin, continue or end a block. */
const lines = [
  ['', '', '', ' ', 'a', 'b *c* d', 'x  ', '\\', '# h', '#', '  # h', '===', '---', '***'],
  ['- a', '- ', '-', '+ p', '* q', '- - a', '  b', '   c', '  - n', '    - nn', '-\ta', '\t- b', '- a\tb'],
  ['1. a', '2. b', '2) b', '10) w', '    1. m', '1.\tx', '- [ ] t', '- [x] [a]'],
  ['> q', '>', '> - a', '>   b', '- > q', '  > q', '>\tq', '> > b'],
  ['    c', '\tx', '      d', '\t\ty', ' \t c', '```', '~~~', '```js', '````', '  ```', '``` x'],
  ['<div>', '<p>', '<pre>', '<!-- x', '-->', '<!x', '<?y', '?>', '\n<b>', '\n</b>'],
  ['| a | b |', '|---|---|', 'a | b', '--|--', '| c |', '|-', '|a|b|c|', '| a | https://a.example |'],
  ['[a]: /b', '[c]: /d "t"', '[a]', '"t"', '[x][a]', '![c]', '[^1]: n', '[^1]', '[^2]', '[^2]: m [^1]'],
  ['https://a.example/b', '&amp; \\*a', '**b', 'c** `d', 'e`'],
];

/** Random mixtures of such lines. */
export const mixture: Arbitrary<string> = array(constantFrom(...lines.flat()), {
  minLength: 1,
  maxLength: 12,
}).map((mixed) => mixed.join('\n'));

/** Texts of the corpus and mixtures, with places to cut them at. */
export const cutText: Arbitrary<{ readonly text: string; readonly cuts: readonly number[] }> = oneof(
  constantFrom(...corpus),
  mixture,
).chain((text) =>
  array(integer({ min: 0, max: text.length }), { maxLength: 8 }).map((cuts) => ({
    text,
    cuts: cuts.toSorted((a, b) => a - b),
  })),
);
