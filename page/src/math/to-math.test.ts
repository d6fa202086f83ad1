import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { readFormula } from './read-formula.ts';
import { toMath } from './to-math.ts';

/** Returns the MathML of a formula, without attributes; undefined when it stays text. */
function math(tex: string): string | undefined {
  const element = toMath({ tex, isDisplay: false });
  return element && renderToStaticMarkup(element).replaceAll(/<(\w+)[^>]*>/g, '<$1>');
}

test('the marks of a formula say whether it stands on its own line', () => {
  expect(readFormula('$x$')).toEqual({ tex: 'x', isDisplay: false });
  expect(readFormula('\\(x\\)')).toEqual({ tex: 'x', isDisplay: false });
  expect(readFormula('$$\nx\n$$\n')).toEqual({ tex: '\nx\n', isDisplay: true });
  expect(readFormula('\\[ x \\]')).toEqual({ tex: ' x ', isDisplay: true });
  expect(readFormula('$$ $$')).toBeUndefined();
  expect(readFormula('x')).toBeUndefined();
});

test('formulas become MathML', () => {
  expect(math('\\frac{a}{b}')).toBe('<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>');
  expect(math('\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}')).toContain('<mtr><mtd><mn>1</mn></mtd>');
  expect(math('a < b')).toContain('<mo>&lt;</mo>');
  for (const tex of [
    '\\sum_{i=0}^{n} i^2 = \\frac{n(n+1)(2n+1)}{6}',
    '\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}',
    'f(x) = \\begin{cases} 1 & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}',
    '\\begin{aligned} a &= b \\\\ &= c \\end{aligned}',
    '\\vec{v} \\cdot \\hat{n} \\iff \\mathbb{R}^n \\to \\mathcal{L}',
    '\\lim_{x \\to 0} \\left( \\overline{x} + \\boxed{y} \\right)',
    '\\ce{2H2O -> 2H2 + O2}',
  ])
    expect(math(tex), tex).toMatch(/^<math>.*<\/math>$/);
});

describe('a formula that cannot be trusted or read stays text', () => {
  const hostile: Readonly<Record<string, string>> = {
    'a link': '\\href{javascript:alert(1)}{x}',
    'an address': '\\url{https://evil.example}',
    'an image': '\\includegraphics{https://evil.example/x.png}',
    'a class': '\\class{app}{x}',
    'a style': '\\style{background:url(https://evil.example)}{x}',
    'a name': '\\id{root}{x}',
    data: '\\data{state=open}{x}',
    'a reference': '\\label{x}\\ref{x}',
    'a macro': '\\def\\a{x}\\a',
    'a macro of macros': `\\def\\a{${'x'.repeat(90)}}\\def\\b{${'\\a'.repeat(90)}}\\def\\c{${'\\b'.repeat(90)}}\\c\\c`,
    'a macro of itself': '\\newcommand{\\a}{\\a\\a}\\a',
    'a macro for all': '\\gdef\\frac{x}\\let\\x=y',
    'deep groups': `${'{'.repeat(1_900)}x${'}'.repeat(1_900)}`,
    'deep fractions': `${'\\frac{'.repeat(400)}x${'}{y}'.repeat(400)}`,
    'deep roots': `${'\\sqrt{'.repeat(400)}x${'}'.repeat(400)}`,
    'deep brackets': `${'\\left('.repeat(300)}x${'\\right)'.repeat(300)}`,
    'a very long one': 'x+'.repeat(3_000),
    'very many parts': '\\ce{'.concat('H2O+'.repeat(900), '}'),
    'an unknown command': '\\nonsense{x}',
    'an open group': '\\frac{a}{',
    'an open environment': '\\begin{matrix}1',
  };
  for (const [name, tex] of Object.entries(hostile)) test(name, () => expect(math(tex)).toBeUndefined());

  test('and no formula changes how a later one is read', () => {
    expect(math('\\frac{a}{b}')).toBe('<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>');
  });
});

test('markup and colours in a formula are not markup and colours', () => {
  expect(math('\\text{<img src=x onerror=alert(1)>}')).toBe(
    '<math><mtext>&lt;img src=x onerror=alert(1)&gt;</mtext></math>'.replaceAll(' ', '\u00a0'),
  );
  const element = toMath({ tex: '\\color{red}x \\colorbox{black}{y}', isDisplay: true });
  expect(element && renderToStaticMarkup(element)).not.toMatch(/red|black|#/);
});

test('sizes are bounded', () => {
  const element = toMath({ tex: '\\rule{9999em}{9999em}\\hspace{9999em}x', isDisplay: true });
  expect(element && renderToStaticMarkup(element)).not.toMatch(/\d{3}/);
});
