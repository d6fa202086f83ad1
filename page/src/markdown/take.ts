import type { Effects, State, TokenizeContext, TokenType } from 'micromark-util-types';

/** Consumes so many characters from the current place, as nested tokens. */
export function take(
  context: TokenizeContext,
  effects: Effects,
  tokens: readonly TokenType[],
  length: () => number,
  ok: State,
): State {
  const start = context.now().offset;
  const inside: State = (code) => {
    if (context.now().offset - start < length()) {
      effects.consume(code);
      return inside;
    }
    for (const token of tokens.toReversed()) effects.exit(token);
    return ok(code);
  };
  return (code) => {
    for (const token of tokens) effects.enter(token);
    return inside(code);
  };
}
