import { toDataUrl, toOutputText } from '../../kit/index.ts';
import type { ContentPart } from '../../../protocol/index.ts';
import type { Asked, RemoteFormat } from '../remote-format.ts';
import { toModelMessages } from './model-messages.ts';
import type { ModelAnswer } from './model-messages.ts';
import { listenToOpenai } from './openai-chunks.ts';

/** OpenAI chat completions, as vLLM, Ollama, LiteLLM, LM Studio and many others serve them. */
export const openai: RemoteFormat = {
  isModel: true,
  toRequest: (asked) => ({
    method: 'POST',
    url: asked.upstream.url,
    body: {
      ...(asked.upstream.model !== undefined && { model: asked.upstream.model }),
      messages: toMessages(asked),
      stream: true,
      stream_options: { include_usage: true },
    },
  }),
  listen: listenToOpenai,
};

function toMessages({ start, upstream }: Asked): readonly object[] {
  return [
    ...(upstream.instructions === undefined ? [] : [{ role: 'system', content: upstream.instructions }]),
    ...toModelMessages(start, { toPart, fromAnswer }),
  ];
}

function fromAnswer(message: ModelAnswer): readonly object[] {
  const calls = message.calls.map(({ id, tool, input }) => ({
    id,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(input) },
  }));
  return [
    {
      role: 'assistant',
      content: message.texts.length > 0 ? message.texts.join('') : null,
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    ...message.calls.map(({ id, output }) => ({
      role: 'tool',
      tool_call_id: id,
      content: toOutputText(output),
    })),
  ];
}

function toPart(part: ContentPart): object {
  switch (part.type) {
    case 'text':
      return part;
    case 'image':
      return { type: 'image_url', image_url: { url: toDataUrl(part) } };
    case 'file':
      return { type: 'file', file: { filename: part.name ?? 'file', file_data: toDataUrl(part) } };
  }
}
