/** OpenAI's words for why a model stopped before its end, by the words of all vendors. */
const reasons = new Map<string, 'length' | 'content_filter'>([
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['length', 'length'],
  ['content_filtered', 'content_filter'],
  ['content_filter', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
  ['refusal', 'content_filter'],
]);

/** Returns why a model stopped in OpenAI's words; undefined if it came to its end. */
export function toEarlyEnd(reason: string | undefined): 'length' | 'content_filter' | undefined {
  return reasons.get(reason ?? '');
}
