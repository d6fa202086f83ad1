import highlighter from 'highlight.js/lib/core';
import { loadLanguages } from './languages.ts';
import { TokenEmitter } from './token-emitter.ts';
import type { Restart } from './token-emitter.ts';
import type { Token } from './token.ts';

/** The tokens of a code, and where more of it can be read from. */
interface Reading {
  readonly tokens: readonly Token[];
  readonly restart: Restart | undefined;
}

/** Reads code of one language. */
export interface Grammar {
  /** The language's name. */
  readonly language: string;
  /** Returns undefined when the code cannot be read. `language` is that of a restart. */
  read(code: string, language?: string): Reading | undefined;
}

// Some grammars take the square of a text's length, and a hostile text is slow at each reading. Ordinary code
// takes a thousandth of a millisecond per character, and much of this limit on no machine.
const slowestMsPerCharacter = 0.05;
// Below this sum the time is that of a busy machine, or of the first reading, which prepares the grammar.
const leastMs = 1_000;

const instance = highlighter.newInstance();
instance.configure({ __emitter: TokenEmitter });
const tallies = new Map<string, { ms: number; characters: number }>();

/** Loads the grammar of a name in a code fence. Resolves with undefined for an unknown name. */
export async function loadGrammar(name: string): Promise<Grammar | undefined> {
  const languages = await loadLanguages(name);
  for (const [language, definition] of languages ?? []) {
    if (instance.getLanguage(language) === undefined) instance.registerLanguage(language, definition);
  }
  const [language] = languages?.keys() ?? [];
  return language === undefined ? undefined : { language, read: (code, at = language) => read(code, at) };
}

function read(code: string, language: string): Reading | undefined {
  const tally = tallies.get(language) ?? { ms: 0, characters: 0 };
  tallies.set(language, tally);
  const isSlow = tally.ms > leastMs && tally.ms > tally.characters * slowestMsPerCharacter;
  if (isSlow || instance.getLanguage(language) === undefined) return undefined;
  const begun = performance.now();
  const { _emitter: emitter, errorRaised } = instance.highlight(code, { language, ignoreIllegals: true });
  tally.ms += performance.now() - begun;
  tally.characters += code.length;
  if (errorRaised !== undefined || !(emitter instanceof TokenEmitter)) return undefined;
  return { tokens: emitter.tokens, restart: emitter.restart };
}
