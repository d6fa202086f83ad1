import type { Extension as TreeExtension } from 'mdast-util-from-markdown';
import type { Construct, Extension, State } from 'micromark-util-types';
import { take } from './take.ts';

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    formula: 'formula';
  }
}

// A dollar that a digit follows is one of money, and one that holds no sign of a formula is one of a shell.
const dollars = /^(?:\$\$[^$]+\$\$|\$(?![\s$])(?=[^$]*[\\^_])(?:\\.|[^$\\])*(?<!\s)\$)(?![\d$])/;
// Brackets may be escaped for what they are; those of a formula have space around it.
const backslash = /^(?:\\\(.*?\\\)|\\\[\s.*?\\\])/;

/** Keeps formulas as they were written: what looks like markup in them is none. */
export const formulas: Extension = {
  text: { [code('$')]: formula(dollars), [code('\\')]: formula(backslash) },
};

/** They are code in the tree. */
export const formulasToTree: TreeExtension = {
  enter: {
    formula(token) {
      this.enter({ type: 'inlineCode', value: this.sliceSerialize(token) }, token);
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
    tokenize(effects, ok, nok) {
      const start = this.now();
      let length = 0;
      const measure: Construct = {
        partial: true,
        tokenize: (inner, found, notFound) => {
          const line: State = (code) => {
            // Below tabs and spaces there are the ends of lines.
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
