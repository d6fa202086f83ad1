import type { Extension as TreeExtension } from 'mdast-util-from-markdown';
import type { Construct, Extension, State } from 'micromark-util-types';
import { take } from './take.ts';

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    formula: 'formula';
  }
}

declare module 'mdast' {
  interface InlineCodeData {
    isFormula?: true;
  }
}

// Between single dollars a formula has `\`, `^` or `_`, or is a number, or is made of single letters, numbers
// and signs, with a letter or a relation among them. A space inside a dollar, or a word or a digit after the
// second one, means money or a shell.
const sign = String.raw`[-+*/=<>≤≥≠≈!|,.:;()[\]{}' ]`;
const dollars = new RegExp(
  String.raw`^(?:\$\$[^$]+\$\$|\$(?![\s$])(?:(?=[^$]*[\\^_])(?:\\.|[^$\\])*|-?\d[\d.,]*|` +
    String.raw`(?=[^$]*(?:[A-Za-zα-ωΑ-Ω]|[=<>≤≥≠≈]))(?:[A-Za-zα-ωΑ-Ω](?![A-Za-z])|\d|${sign})+)(?<!\s)\$)(?![\d$]|(?!s\b)[A-Za-z])`,
  'u',
);
// Escaped brackets may be plain brackets. In a formula, space follows the opening square bracket.
const backslash = /^(?:\\\(.*?\\\)|\\\[\s.*?\\\])/;

/** Keeps formulas as they were written: nothing in them is markup. */
export const formulas: Extension = {
  text: { [code('$')]: formula(dollars), [code('\\')]: formula(backslash) },
};

/** Turns formulas into inline code in the tree. */
export const formulasToTree: TreeExtension = {
  enter: {
    formula(token) {
      const value = this.sliceSerialize(token);
      this.enter({ type: 'inlineCode', value, data: { isFormula: true } }, token);
    },
  },
  exit: {
    formula(token) {
      this.exit(token);
    },
  },
};

function formula(pattern: RegExp): Construct {
  return {
    name: 'formula',
    // `US$5`: a dollar directly after a letter or a digit opens nothing.
    previous: (before) => before === null || before < 0 || !/[A-Za-z\d$]/.test(String.fromCharCode(before)),
    tokenize(effects, ok, nok) {
      const start = this.now();
      let length = 0;
      const measure: Construct = {
        partial: true,
        tokenize: (inner, found, notFound) => {
          const line: State = (code) => {
            // The codes up to -3 are line endings. Tabs and spaces are above.
            if (code !== null && code > -3) {
              inner.consume(code);
              return line;
            }
            inner.exit('formula');
            length = pattern.exec(this.sliceSerialize({ start, end: this.now() }))?.[0].length ?? 0;
            return length > 0 ? found(code) : notFound(code);
          };
          return (code) => {
            inner.enter('formula');
            return line(code);
          };
        },
      };
      return effects.check(
        measure,
        take(this, effects, ['formula'], () => length, ok),
        nok,
      );
    },
  };
}

function code(char: string): number {
  return char.charCodeAt(0);
}
