import { fieldsOf, textOf } from './fields.ts';

/** What a tool is given by the SDK; its `ToolContext` fits. */
export interface ToolContextLike {
  readonly toolUse: { readonly toolUseId: string };
  readonly invocationState: object;
}

/** What every tool and hook of a turn finds in `invocationState.heddle`. */
export interface HeddleState {
  readonly session: string;
  readonly turn: string;
  /** 1, and one more for each time the turn was started again after a crash. */
  readonly attempt: number;
}

/**
 * The name of a tool call that a service can tell a repeat by, as `turn:call`. A call that was approved keeps it however often its turn
 * is started again. A call the model makes anew after a crash has the name the provider gives it then, most often another one.
 * Throws a TypeError outside of a turn of `strands(factory)`.
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
