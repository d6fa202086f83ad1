import { toText } from '../../protocol/index.ts';
import type { Content, ContentPart, MessageState } from '../../protocol/index.ts';
import {
  createFailure,
  isReadable,
  toConversation,
  toDataUrl,
  toOutputText,
  toReadable,
} from '../kit/index.ts';

/** A message as LangChain accepts it, without its classes. */
export type GraphMessage =
  | { readonly role: 'user'; readonly id: string; readonly content: string | readonly object[] }
  | {
      readonly role: 'assistant';
      readonly id: string;
      readonly content: string;
      readonly tool_calls?: readonly {
        readonly id: string;
        readonly name: string;
        readonly args: Readonly<Record<string, unknown>>;
        readonly type: 'tool_call';
      }[];
    }
  | {
      readonly role: 'tool';
      readonly id: string;
      readonly content: string;
      readonly tool_call_id: string;
      readonly name: string;
      readonly status: 'success' | 'error';
    };

/** Converts the history to the messages of a graph. Their ids are made of `prefix`. */
export function toGraphMessages(history: readonly MessageState[], prefix: string): readonly GraphMessage[] {
  let count = 0;
  const nextId = (): string => `${prefix}.${(count += 1)}`;
  return toConversation(history).flatMap((message): readonly GraphMessage[] => {
    if (message.role === 'user') return [toUserMessage(toReadable(message.content), nextId())];
    const { texts, calls } = message;
    const used = calls.map(({ id, tool, input }) => ({
      id,
      name: tool,
      args: input,
      type: 'tool_call' as const,
    }));
    return [
      {
        role: 'assistant',
        id: nextId(),
        content: texts.join('\n\n'),
        ...(used.length > 0 && { tool_calls: used }),
      },
      ...calls.map(({ id, tool, output, isOk }) => ({
        role: 'tool' as const,
        id: nextId(),
        content: toOutputText(output),
        tool_call_id: id,
        name: tool,
        status: isOk ? ('success' as const) : ('error' as const),
      })),
    ];
  });
}

/** Converts the content of a person's message. Throws `unsupported_content` for data that is not base64. */
export function toUserMessage(content: Content, id: string): GraphMessage {
  const isText = typeof content === 'string' || content.every(({ type }) => type === 'text');
  return { role: 'user', id, content: isText ? toText(content) : content.map(toBlock) };
}

function toBlock(part: ContentPart): object {
  if (!isReadable(part)) throw createFailure('unsupported_content');
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return { type: 'image_url', image_url: { url: toDataUrl(part) } };
    case 'file':
      return {
        type: 'file',
        source_type: 'base64',
        mime_type: part.media_type,
        data: part.data,
        metadata: { filename: part.name ?? 'file' },
      };
  }
}
