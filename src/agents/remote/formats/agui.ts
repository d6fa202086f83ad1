import { toText } from '../../../protocol/index.ts';
import type { Content, ContentPart } from '../../../protocol/index.ts';
import { fieldsOf, listOf, toConversation, toOutputText } from '../../kit/index.ts';
import type { ConversationMessage } from '../../kit/index.ts';
import { answersOf } from '../answers-of.ts';
import type { Asked, RemoteFormat } from '../remote-format.ts';
import { isLegacyInterrupt, listenToAgui } from './agui-events.ts';

/** The AG-UI protocol, which a dozen Python frameworks serve. */
export const agui: RemoteFormat = {
  toRequest: (asked) => ({
    method: 'POST',
    url: asked.upstream.url,
    body: {
      threadId: asked.start.thread,
      runId: `${asked.start.turn}.${asked.start.attempt}`,
      state: fieldsOf(asked.start.snapshot)['state'] ?? {},
      messages: toMessages(asked),
      tools: [],
      context: [],
      forwardedProps: toForwarded(asked),
      ...toResume(asked),
    },
  }),
  listen: listenToAgui,
};

/**
 * Returns the conversation. In a thread that goes on, it is what the server told last, with its own ids.
 * Other ids are the same in each turn.
 */
function toMessages({ start, upstream }: Asked): readonly unknown[] {
  const { input, history } = start;
  const told = listOf(fieldsOf(start.snapshot)['messages']);
  if (told.length > 0)
    return input.type === 'answers'
      ? told
      : [...told, { id: `u-${start.turn}`, role: 'user', content: toContent(input.content) }];
  let count = 0;
  const nextId = (letter: string): string => `${letter}-${++count}`;
  return [
    ...(upstream.instructions === undefined
      ? []
      : [{ id: 'system', role: 'system', content: upstream.instructions }]),
    ...toConversation(history).flatMap((message) => fromConversation(message, nextId)),
    ...(input.type === 'message'
      ? [{ id: nextId('u'), role: 'user', content: toContent(input.content) }]
      : []),
  ];
}

function fromConversation(
  message: ConversationMessage,
  nextId: (letter: string) => string,
): readonly object[] {
  if (message.role === 'user')
    return [{ id: nextId('u'), role: 'user', content: toContent(message.content) }];
  const calls = message.calls.map(({ id, tool, input }) => ({
    id,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(input) },
  }));
  const text = message.texts.join('');
  return [
    {
      id: nextId('a'),
      role: 'assistant',
      ...(text !== '' && { content: text }),
      ...(calls.length > 0 && { toolCalls: calls }),
    },
    ...message.calls.map(({ id, output }) => ({
      id: nextId('t'),
      role: 'tool',
      toolCallId: id,
      content: toOutputText(output),
    })),
  ];
}

function toContent(content: Content): unknown {
  return typeof content === 'string' || content.every(({ type }) => type === 'text')
    ? toText(content)
    : content.map(toPart);
}

function toPart(part: ContentPart): object {
  if (part.type === 'text') return part;
  const type = part.type === 'image' ? 'image' : 'document';
  return { type, source: { type: 'data', value: part.data, mimeType: part.media_type } };
}

function toResume(asked: Asked): object {
  const resume = answersOf(asked)
    .filter(({ approval }) => !isLegacyInterrupt(approval))
    .map(({ approval, decision }) => ({ interruptId: approval, status: 'resolved', payload: decision }));
  return resume.length > 0 ? { resume } : {};
}

/** LangGraph's own way, which older servers have only. */
function toForwarded(asked: Asked): object {
  const legacy = answersOf(asked).find(({ approval }) => isLegacyInterrupt(approval));
  return legacy ? { command: { resume: legacy.decision } } : {};
}
