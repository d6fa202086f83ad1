import { toDataUrl, toOutputText } from '../../kit/index.ts';
import type { ContentPart } from '../../../protocol/index.ts';
import type { RemoteFormat } from '../remote-format.ts';
import { toModelMessages } from './model-messages.ts';
import type { ModelAnswer } from './model-messages.ts';
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
      input: toModelMessages(asked.start, { toPart, fromAnswer }),
      stream: true,
      store: false,
    },
  }),
  listen: listenToResponses,
};

function fromAnswer({ texts, calls }: ModelAnswer): readonly object[] {
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
