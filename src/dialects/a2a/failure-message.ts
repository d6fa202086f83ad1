import type { TurnError } from '../../protocol/index.ts';
import type { A2aMessage, TaskNames } from './a2a-objects.ts';

/** Returns the message of a task that failed. */
export function toFailureMessage(names: TaskNames, turn: string, error: TurnError | undefined): A2aMessage {
  const { code, message } = error ?? { code: 'agent_failed', message: 'The agent failed.' };
  return { messageId: turn, ...names, role: 'AGENT', parts: [{ text: message }, { data: { code } }] };
}
