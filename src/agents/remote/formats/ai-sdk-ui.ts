import type { Content, ContentPart } from '../../../protocol/index.ts';
import { toConversation, toDataUrl, toOutputText } from '../../kit/index.ts';
import type { ConversationCall, ConversationMessage } from '../../kit/index.ts';
import type { Asked, RemoteFormat } from '../remote-format.ts';
import { listenToAiSdkUi } from './ai-sdk-ui-events.ts';

/** A route for `useChat` of the AI SDK: UI messages go in, and a UI message stream comes out. */
export const aiSdkUi: RemoteFormat = {
  toRequest: (asked) => ({
    method: 'POST',
    url: asked.upstream.url,
    body: { id: asked.start.thread, trigger: 'submit-message', messages: toMessages(asked) },
  }),
  listen: listenToAiSdkUi,
};

function toMessages({ start }: Asked): readonly object[] {
  const { input, history } = start;
  const earlier = toConversation(history).map((message, index) => ({
    id: `${message.role === 'user' ? 'u' : 'a'}-${index + 1}`,
    role: message.role,
    parts: toParts(message),
  }));
  if (input.type === 'answers') return earlier;
  return [...earlier, { id: `u-${earlier.length + 1}`, role: 'user', parts: fromContent(input.content) }];
}

function toParts(message: ConversationMessage): readonly object[] {
  if (message.role === 'user') return fromContent(message.content);
  return [...message.texts.map((text) => ({ type: 'text', text })), ...message.calls.map(fromCall)];
}

function fromCall({ id, tool, input, output, isOk }: ConversationCall): object {
  const ended = isOk
    ? { state: 'output-available', output }
    : { state: 'output-error', errorText: toOutputText(output) };
  return { type: 'dynamic-tool', toolName: tool, toolCallId: id, input, ...ended };
}

function fromContent(content: Content): readonly object[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(fromPart);
}

function fromPart(part: ContentPart): object {
  if (part.type === 'text') return part;
  const named = part.type === 'file' && part.name !== undefined && { filename: part.name };
  return { type: 'file', mediaType: part.media_type, url: toDataUrl(part), ...named };
}
