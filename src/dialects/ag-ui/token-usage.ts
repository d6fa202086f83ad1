import type { Usage } from '../../protocol/index.ts';

/** The tokens of a run, in AG-UI's words. */
export interface TokenUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
}

/** Returns the field `usage` of the last event of a run; empty if no tokens were counted. */
export function toTokenUsage(usage: Usage | undefined): { readonly usage?: readonly TokenUsage[] } {
  if (usage === undefined) return {};
  const counts = {
    ...toCount('inputTokens', usage.input_tokens),
    ...toCount('outputTokens', usage.output_tokens),
    ...toCount('totalTokens', usage.total_tokens),
  };
  return Object.keys(counts).length === 0 ? {} : { usage: [counts] };
}

/** A count that is not a whole number would end the run in the client. */
function toCount(name: keyof TokenUsage, count: number | undefined): TokenUsage {
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? { [name]: count } : {};
}
