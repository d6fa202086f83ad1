import type { ShownExchange, ShownTool } from 'heddle/testing';

/** A message of any version of AG-UI, as its clients keep it. */
export interface KeptMessage {
  readonly id: string;
  readonly role: string;
  readonly content?: unknown;
  readonly toolCallId?: string | undefined;
  readonly toolCalls?:
    | readonly {
        readonly id: string;
        readonly function: { readonly name: string; readonly arguments: string };
      }[]
    | undefined;
}

/** Returns a conversation as the checks see it. `waiting` has the calls that the client asks about. */
export function toShown(
  messages: readonly KeptMessage[],
  waiting: readonly unknown[],
): readonly ShownExchange[] {
  const results = new Map(
    messages.flatMap(({ role, toolCallId, content }) =>
      role === 'tool' ? [[toolCallId, String(content)]] : [],
    ),
  );
  const shown: { said: string; text: string; reasoning: string; tools: ShownTool[] }[] = [];
  for (const { role, content, toolCalls = [] } of messages) {
    if (role === 'user') shown.push({ said: String(content), text: '', reasoning: '', tools: [] });
    const last = shown.at(-1);
    if (last === undefined) continue;
    if (role === 'assistant') last.text += typeof content === 'string' ? content : '';
    if (role === 'reasoning') last.reasoning += String(content);
    for (const call of toolCalls) {
      const input: unknown = JSON.parse(call.function.arguments);
      const tool = { tool: call.function.name, input };
      last.tools.push({ ...tool, ...toStatus(results.get(call.id), waiting.includes(call.id)) });
    }
  }
  return shown;
}

function toStatus(result: string | undefined, isWaiting: boolean): Pick<ShownTool, 'status' | 'output'> {
  if (result === undefined) return { status: isWaiting ? 'waiting' : 'open' };
  const output = JSON.parse(result) as { status?: string };
  return output.status === undefined ? { status: 'ok', output } : { status: 'error' };
}
