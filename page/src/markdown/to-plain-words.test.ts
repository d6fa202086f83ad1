import { expect, test } from 'vitest';
import { toPlainWords } from './to-plain-words.ts';

test('an answer as plain text has its words, bullets, code and URLs, and no marks', () => {
  const markdown = [
    '# A **heading**',
    'Some *words*, `code`, [a link](https://a.example/b), https://b.example and [no](javascript:x).',
    '- one\n- two\n  - three\n- [x] done',
    '3. a\n\n   b\n4. c',
    '> quoted\n> more',
    '```ts\nconst a = 1;\n\nb();\n```',
    '| a | b |\n|---|---|\n| **1** | 2 |',
    'A note[^n], H<sub>2</sub>O, one<br>two and $x_1^2$. ![cat](https://c.example/cat.png)',
    '[^n]: The note.',
  ].join('\n\n');
  expect(toPlainWords(markdown)).toBe(
    [
      'A heading',
      'Some words, code, a link (https://a.example/b), https://b.example and no.',
      '- one\n- two\n  - three\n- [x] done',
      '3. a\n\n   b\n\n4. c',
      'quoted\nmore',
      'const a = 1;\n\nb();',
      'a\tb\n1\t2',
      'A note[1], H2O, one\ntwo and $x_1^2$. cat (https://c.example/cat.png)',
      '[1] The note.',
    ].join('\n\n'),
  );
});

test('a long paragraph and a long table keep all their words', () => {
  const words = Array.from({ length: 1_500 }, (_, index) => `word${index} **b**`).join(' ');
  expect(toPlainWords(words) === words.replaceAll('*', '')).toBe(true);
  const table = `| n |\n|---|\n${Array.from({ length: 60 }, (_, index) => `| ${index} |`).join('\n')}`;
  expect(toPlainWords(table).split('\n')).toHaveLength(61);
});
