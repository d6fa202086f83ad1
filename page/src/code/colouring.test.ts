import { describe, expect, test } from 'vitest';
import { createColouring } from './colouring.ts';
import { loadGrammar } from './grammar.ts';

const lines = (text: string): readonly string[] => {
  const groups: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const last = groups.at(-1);
    if (last !== undefined && last.length < 4_096) groups[groups.length - 1] = last + line;
    else groups.push(line);
  }
  return groups;
};

/** Returns what is coloured, as `kind:text`, and checks that no character is lost. */
async function coloured(language: string, text: string): Promise<readonly string[]> {
  const grammar = await loadGrammar(language);
  if (grammar === undefined) throw new Error('There is no such grammar.');
  const colouring = createColouring(grammar);
  const groups = lines(text);
  colouring.take(groups);
  return groups.flatMap((group, index) => {
    const tokens = colouring.tokensOf(index);
    if (tokens === undefined) return [`plain:${index}`];
    expect(tokens.map((token) => token.text).join('')).toBe(group);
    return tokens.flatMap(({ kind, text: word }) => (kind === undefined ? [] : [`${kind}:${word}`]));
  });
}

test('code is coloured by its language, under any of its names', async () => {
  const text = 'const a: string = `b ${c(1)}`; // d\n';
  for (const name of ['ts', 'TypeScript', 'tsx'])
    expect(await coloured(name, text)).toEqual([
      'keyword:const',
      'name:a',
      'type:string',
      'string:`b ',
      'number:1',
      'string:`',
      'comment:// d',
    ]);
  expect(await coloured('py', 'def a(b):\n    return "c"\n')).toContain('keyword:def');
  expect(await coloured('c++', 'int a = 1;\n')).toContain('type:int');
});

test('an unknown language has no grammar', async () => {
  for (const name of ['klingon', '', 'constructor', '__proto__', '../bash'])
    expect(await loadGrammar(name)).toBeUndefined();
});

describe('in code of many groups', () => {
  const filler = 'const a = 1; // b\n'.repeat(240);

  test('a string or a comment goes on in the next group', async () => {
    const text = `${filler.slice(0, 4_050)}\n/* ${'words\n'.repeat(60)} */ const end = 1;\n`;
    const found = await coloured('js', text);
    expect(found.slice(-3)).toEqual(
      ['comment: */', 'keyword:const', 'number:1'].toSpliced(0, 1, found.at(-3) ?? ''),
    );
    expect(found.at(-3)).toMatch(/^comment:[^]*\*\/$/);
  });

  test('a very long one ends the colours', async () => {
    expect(await coloured('js', `${filler}/*\n${'words\n'.repeat(2_500)}*/ const a = 1;\n`)).toContain(
      'plain:3',
    );
  });

  test('a script in a page has the colours of its own language, up to its end', async () => {
    const script = 'function a(b) {\n  return `c`;\n}\n'.repeat(400);
    const found = await coloured('html', `<p>a</p>\n<script>\n${script}</script>\n<p class="d">\n`);
    expect(found.filter((token) => token === 'keyword:function')).toHaveLength(400);
    expect(found).not.toContainEqual(expect.stringMatching(/^plain/));
    expect(found.slice(-2)).toEqual(['name:class', 'string:"d"']);
  });

  test('colours depend on the text alone, however it arrives', async () => {
    const grammar = await loadGrammar('ts');
    if (grammar === undefined) throw new Error('There is no such grammar.');
    const text = `${filler}const a = \`\n${filler}\`;\n${filler}`;
    const grown = createColouring(grammar);
    for (let end = 0; end < text.length; end += 291) {
      const groups = lines(text.slice(0, end));
      grown.take(groups);
      groups.forEach((_, index) => grown.tokensOf(index));
    }
    const whole = createColouring(grammar);
    const groups = lines(text);
    for (const colouring of [grown, whole]) colouring.take(groups);
    for (const index of groups.keys()) expect(grown.tokensOf(index)).toEqual(whole.tokensOf(index));
  });

  test('a group that has not changed keeps its tokens', async () => {
    const grammar = await loadGrammar('ts');
    if (grammar === undefined) throw new Error('There is no such grammar.');
    const colouring = createColouring(grammar);
    colouring.take(lines(filler + filler));
    const before = colouring.tokensOf(0);
    colouring.take(lines(`${filler}${filler}${filler}`));
    colouring.tokensOf(2);
    expect(colouring.tokensOf(0)).toBe(before);
  });

  test('beyond 64 Ki characters there are no colours, and none on a very long line', async () => {
    const found = await coloured('js', filler.repeat(20));
    expect(found.filter((token) => token.startsWith('plain'))).not.toEqual([]);
    expect(found.filter((token) => token === 'keyword:const').length).toBeGreaterThan(3_000);
    expect(await coloured('js', `const a = "${'b'.repeat(2_000)}";\n`)).toEqual(['plain:0']);
  });
});

test('hostile code loses no character and becomes no markup', async () => {
  const hostile =
    '</code></pre><script>alert(1)</script><img src=x onerror=alert(1)>\n&lt;b&gt; \u2028 \0 "\'`\n';
  for (const language of ['html', 'js', 'php', 'md', 'yaml', 'bash', 'latex', 'diff'])
    await coloured(language, hostile.repeat(3));
});
