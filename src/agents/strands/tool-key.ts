import { fieldsOf, textOf } from '../kit/index.ts';

/** The argument that the SDK passes to a tool. The SDK's `ToolContext` fits. */
export interface ToolContextLike {
  readonly toolUse: { readonly toolUseId: string };
  readonly invocationState: object;
}

/** The value of `invocationState.heddle` for every tool and hook of a turn. */
export interface HeddleState {
  readonly session: string;
  readonly turn: string;
  /** 1, plus one for each time the turn was started again after a crash. */
  readonly attempt: number;
}

/**
 * Returns a name for a tool call, as `turn:call`, by which a service can detect a repeat. An approved call
 * keeps its name however often its turn is started again. If the model makes a call again after a crash, the
 * provider gives it an id then, usually another one. Throws a TypeError outside a turn of `strands(factory)`.
 */
export function toolKey(context: ToolContextLike | undefined): string {
  const heddle = fieldsOf(fieldsOf(context?.invocationState)['heddle']);
  const turn = textOf(heddle['turn']);
  if (context === undefined || turn === '')
    throw new TypeError(
      'toolKey(context) needs the context of a tool that is called in a turn of strands(factory).',
    );
  return `${turn}:${context.toolUse.toolUseId}`;
}
