import { isRecord } from '../../protocol/internal.ts';
import type { A2aMessage, A2aPart, TaskNames } from './a2a-objects.ts';

/** An approval that a task waits for. */
export interface A2aQuestion {
  readonly approval: string;
  readonly reason: unknown;
  /** The tool call that it is about. */
  readonly call?: { readonly call: string; readonly tool: string; readonly input?: unknown };
}

/**
 * Returns the message of a task that waits for approvals: a text for any reader, and one data part for each
 * approval. A client answers with the data `{ approval, decision }`, or with a text for all of them.
 */
export function toQuestionMessage(
  names: TaskNames,
  turn: string,
  questions: readonly A2aQuestion[],
): A2aMessage {
  return { messageId: turn, ...names, role: 'AGENT', parts: questions.flatMap(toParts) };
}

function toParts({ approval, reason, call }: A2aQuestion): readonly A2aPart[] {
  const text = tell(reason) ?? (call ? `May I use the tool ${call.tool}?` : 'May I go on?');
  return [{ text }, { data: { approval, reason: reason ?? null, ...call } }];
}

function tell(reason: unknown): string | undefined {
  const text = isRecord(reason) ? reason['message'] : reason;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
