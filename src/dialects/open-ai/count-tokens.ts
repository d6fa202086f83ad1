import type { Usage } from '../../protocol/index.ts';

/** The tokens of a turn. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

/**
 * Returns the tokens of a turn, as whole numbers; undefined if its agent counted none. A count that the agent
 * does not know is 0, because OpenAI's clients add the counts up.
 */
export function countTokens(usage: Usage | undefined): TokenCounts | undefined {
  if (usage === undefined) return undefined;
  const [input, output] = [toWhole(usage.input_tokens), toWhole(usage.output_tokens)];
  // A total has other tokens, too. One that is smaller is that of some calls of the model only.
  return { input, output, total: Math.max(toWhole(usage.total_tokens), input + output) };
}

function toWhole(count = 0): number {
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}
