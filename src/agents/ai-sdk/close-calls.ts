import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { AiSdkMessage, AiSdkToolResult } from './ai-sdk-message.ts';

const noAnswer = 'There was no answer, so the tool did not run.';

/**
 * Returns the messages with a result for each call that has none, right after its message: the SDK and the
 * providers refuse a conversation that has an open call. Calls of these ids in the last answer stay open, and
 * so do calls that the provider runs.
 */
export function closeCalls(
  messages: readonly AiSdkMessage[],
  waiting: ReadonlySet<string> = new Set(),
): AiSdkMessage[] {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  return messages.flatMap((message, index): AiSdkMessage[] => {
    if (message.role !== 'assistant') return [message];
    const done = new Set(resultsAfter(messages, index));
    const open = callsOf(message).filter(
      ({ toolCallId }) => !done.has(toolCallId) && !(index === last && waiting.has(textOf(toolCallId))),
    );
    return open.length === 0 ? [message] : [message, { role: 'tool', content: open.map(toNoAnswer) }];
  });
}

function callsOf({ content }: AiSdkMessage): readonly Fields[] {
  return listOf(content)
    .map(fieldsOf)
    .filter(({ type, providerExecuted }) => type === 'tool-call' && providerExecuted !== true);
}

/** Returns the ids that have a result in the messages of tools that follow the message at this index. */
function resultsAfter(messages: readonly AiSdkMessage[], index: number): readonly unknown[] {
  const found: unknown[] = [];
  for (let next = index + 1; messages[next]?.role === 'tool'; next += 1) {
    const parts = listOf(messages[next]?.content).map(fieldsOf);
    for (const { type, toolCallId } of parts) if (type === 'tool-result') found.push(toolCallId);
  }
  return found;
}

function toNoAnswer({ toolCallId, toolName }: Fields): AiSdkToolResult {
  return {
    type: 'tool-result',
    toolCallId: textOf(toolCallId),
    toolName: textOf(toolName),
    output: { type: 'error-text', value: noAnswer },
  };
}
