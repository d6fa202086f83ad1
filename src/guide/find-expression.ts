/** Words for operators, in the order in which they are replaced. */
const words: readonly (readonly [RegExp, string])[] = [
  [/(\d+(?:\.\d+)?)\s*(?:%|percent|パーセント)\s*of\s*/gi, '$1/100*'],
  [/(\d+(?:\.\d+)?)の(\d+(?:\.\d+)?)(?:%|パーセント)/g, '$1*$2/100'],
  [/(\d+(?:\.\d+)?)の(\d+)乗/g, '$1^$2'],
  [/(?:the )?square root of\s*(\d+(?:\.\d+)?)/gi, 'sqrt($1)'],
  [/\bmultiplied by\b|\btimes\b|掛ける|かける|[×✕]/gi, '*'],
  [/\bdivided by\b|割る|わる|÷/gi, '/'],
  [/\bplus\b|足す|たす/gi, '+'],
  [/\bminus\b|引く|ひく|[−–]/gi, '-'],
];

const token = String.raw`(?:\d+(?:\.\d+)?|[-+*/^%!(),]|(?<![\p{L}])(?:sqrt|cbrt|abs|ceil|floor|round|exp|ln|log10|log2|log|sin|cos|tan|mod|pow|min|max|factorial|pi|e)(?![\p{L}])|\s)`;
const run = new RegExp(`${token}+`, 'giu');
const cue = /\bwhat(?:'s| is| are)\b|\bcalc|\bhow much\b|\band\b|計算|いくつ|[=?]$/i;

/**
 * Returns the arithmetic in a prompt as an expression, or undefined if there is none. An expression that
 * starts with an operator goes on from the result before it.
 */
export function findExpression(prompt: string, before?: string): string | undefined {
  // NFKC turns full-width digits and signs into ASCII.
  const plain = prompt.normalize('NFKC').replace(/(\d),(?=\d{3}(?!\d))/g, '$1');
  const text = words.reduce((said, [word, sign]) => said.replace(word, sign), plain);
  if (/\d{4}-\d\d-\d\d|\d+\.\d+\.\d+/.test(text)) return undefined;
  const runs = (text.match(run) ?? []).map(trim).filter((each) => isArithmetic(each, before !== undefined));
  const [expression] = runs.toSorted((left, right) => right.length - left.length);
  if (expression === undefined) return undefined;
  const isAlone = text.replace(expression, '').replace(/[\s=?.!]/g, '') === '';
  if (!isAlone && !cue.test(text)) return undefined;
  return /^[*/^%+-]/.test(expression) && before !== undefined && !/^-?\d/.test(expression)
    ? `(${before})${expression}`
    : expression;
}

function trim(text: string): string {
  return text.replace(/[-\s+*/^,(]+$/, '').replace(/^[\s,)!]+/, '');
}

function isArithmetic(text: string, goesOn: boolean): boolean {
  const numbers = text.match(/\d+(?:\.\d+)?|\b(?:pi|e)\b/gi)?.length ?? 0;
  if (/[a-z]+\s*\(/i.test(text)) return numbers > 0;
  if (/\d\s*!$/.test(text)) return true;
  const isTwo = /[\d)!%]\s*(?:[-+*/^%]|mod)\s*[-(\d.a-z]/i.test(text) && numbers > 1;
  return isTwo || (goesOn && /^[*/^+-]\s*\d/.test(text));
}
