import type { Grammar } from './grammar.ts';
import type { Token } from './token.ts';

/** The colours of one code block that grows. */
export interface Colouring {
  /** Takes the groups of lines as they are now. All but the last one are complete. */
  take(groups: readonly string[]): void;
  /** Returns the tokens of a group; undefined when the group has no colours. */
  tokensOf(index: number): readonly Token[] | undefined;
}

/** Where a group begins: in which language, and after which lines that belong to its first token. */
interface Start {
  readonly language: string;
  readonly before: string;
}

interface ColouredGroup {
  readonly text: string;
  readonly tokens: readonly Token[] | undefined;
  /** The start of the next group; undefined when no later group has colours. */
  readonly next: Start | undefined;
}

// Characters. More of them have no colours: each token is an element.
const longestCode = 65_536;
// A comment or a string that is longer ends the colours.
const longestBefore = 4_096;
// Nobody reads such lines, and some grammars take the square of their length.
const longestLine = 1_000;

// A page's scripts and styles end at these tags, whatever their own languages say.
const ends: Readonly<Record<string, RegExp>> = { javascript: /<\/script/i, css: /<\/style/i };

/**
 * Colours a code group by group, so that more code costs only its own group. A group begins where its grammar
 * can begin anew: at the last line of the code before that is outside of strings and comments.
 */
export function createColouring(grammar: Grammar): Colouring {
  const done: ColouredGroup[] = [];
  let groups: readonly string[] = [];

  return {
    take(next) {
      groups = next;
      const same = done.findIndex(({ text }, index) => text !== groups[index]);
      if (same >= 0) done.length = same;
    },
    tokensOf(index) {
      while (done.length <= index && done.length < groups.length) {
        const at = done.length;
        const start = at === 0 ? { language: grammar.language, before: '' } : done[at - 1]?.next;
        const begun = groups.slice(0, at).reduce((sum, { length }) => sum + length, 0);
        const isLong = begun + (groups[at]?.length ?? 0) > longestCode;
        done.push(colourGroup(groups[at] ?? '', isLong ? undefined : start));
      }
      return done[index]?.tokens;
    },
  };

  function colourGroup(text: string, start: Start | undefined): ColouredGroup {
    const plain = { text, tokens: undefined };
    if (start === undefined) return { ...plain, next: undefined };
    const { language, before } = start;
    if (new RegExp(`[^\n]{${longestLine}}`).test(text)) return { ...plain, next: { language, before: '' } };
    const code = before + text;
    const end = language === grammar.language ? -1 : code.search(ends[language] ?? /(?!)/);
    const first = grammar.read(end < 0 ? code : code.slice(0, end), language);
    const second = end < 0 ? undefined : grammar.read(code.slice(end), grammar.language);
    if (first === undefined || (end >= 0 && second === undefined)) return { ...plain, next: undefined };
    const restart = second?.restart ?? first.restart;
    const rest = code.slice(restart === undefined ? 0 : restart.at + Math.max(second?.restart ? end : 0, 0));
    return {
      text,
      tokens: withoutStart([...first.tokens, ...(second?.tokens ?? [])], before.length),
      next:
        rest.length > longestBefore
          ? undefined
          : {
              language: restart?.language ?? (second ? grammar.language : language),
              before: rest,
            },
    };
  }
}

/** Drops so many characters at the start. */
function withoutStart(tokens: readonly Token[], length: number): readonly Token[] {
  let left = length;
  return tokens.flatMap(({ kind, text }) => {
    const rest = text.slice(left);
    left = Math.max(left - text.length, 0);
    return rest === '' ? [] : [{ kind, text: rest }];
  });
}
