import type { Content, ContentPart } from '../../../protocol/index.ts';
import { toConversation } from '../../kit/index.ts';
import type { ConversationMessage } from '../../kit/index.ts';
import type { Asked, RemoteFormat } from '../remote-format.ts';
import { toDataUrl, toOutputText } from './content-values.ts';
import { listenToResponses } from './responses-events.ts';

/** OpenAI Responses. The conversation is sent each time, so the server stores nothing. */
export const responses: RemoteFormat = {
  isModel: true,
  toRequest: (asked) => ({
    method: 'POST',
    url: asked.upstream.url,
    body: {
      ...(asked.upstream.model !== undefined && { model: asked.upstream.model }),
      ...(asked.upstream.instructions !== undefined && { instructions: asked.upstream.instructions }),
      input: toInput(asked),
      stream: true,
      store: false,
    },
  }),
  listen: listenToResponses,
};

function toInput({ start }: Asked): readonly object[] {
  const { input, history } = start;
  return [
    ...toConversation(history).flatMap(fromConversation),
    ...(input.type === 'message' ? [{ role: 'user', content: toContent(input.content) }] : []),
  ];
}

function fromConversation(message: ConversationMessage): readonly object[] {
  if (message.role === 'user') return [{ role: 'user', content: toContent(message.content) }];
  const { texts, calls } = message;
  return [
    ...(texts.length > 0 ? [{ role: 'assistant', content: texts.join('') }] : []),
    ...calls.map(({ id, tool, input }) => ({
      type: 'function_call',
      call_id: id,
      name: tool,
      arguments: JSON.stringify(input),
    })),
    ...calls.map(({ id, output }) => ({
      type: 'function_call_output',
      call_id: id,
      output: toOutputText(output),
    })),
  ];
}

function toContent(content: Content): unknown {
  return typeof content === 'string' ? content : content.map(toPart);
}

function toPart(part: ContentPart): object {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return { type: 'input_image', image_url: toDataUrl(part) };
    case 'file':
      return { type: 'input_file', filename: part.name ?? 'file', file_data: toDataUrl(part) };
  }
}
