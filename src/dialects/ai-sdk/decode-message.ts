import { RefusalError } from '../../protocol/index.ts';
import type { Content, ContentPart, PastMessage, PastPart } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import { readDataUrl } from '../data-url.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A message of a request, as far as its form is known. */
export interface SentUiMessage {
  readonly id: string | undefined;
  readonly role: 'system' | 'user' | 'assistant';
  readonly parts: readonly (Fields & { readonly type: string })[];
}

/** Reads the messages of a request. Throws a RefusalError if they are not those of the SDK. */
export function decodeMessages(value: unknown): readonly SentUiMessage[] {
  if (!Array.isArray(value) || value.length === 0)
    throw refuse(
      'The body has no messages. It needs { "id", "messages": [UIMessage, …] }, as useChat sends.',
    );
  return value.map(decodeMessage);
}

function decodeMessage(value: unknown, index: number): SentUiMessage {
  const { id, role, parts }: Fields = isRecord(value) ? value : {};
  if (role !== 'user' && role !== 'assistant' && role !== 'system')
    throw refuse(`Message ${index} has no role. It is "user", "assistant" or "system".`);
  if (!Array.isArray(parts) || !parts.every(isPart))
    throw refuse(`Message ${index} has no parts. Heddle takes the UIMessages of AI SDK 5, 6 and 7.`);
  return { id: toOptional(id) || undefined, role, parts };
}

function isPart(value: unknown): value is Fields & { readonly type: string } {
  return isRecord(value) && typeof value['type'] === 'string';
}

/**
 * Returns the content of a user's message. Throws a RefusalError if there is nothing that an agent can read.
 */
export function toSentContent({ parts }: SentUiMessage): Content {
  const content = parts.flatMap(toContentPart);
  const [only] = content;
  if (only === undefined) throw refuse('The message is empty: it has no text and no file.');
  return content.length === 1 && only.type === 'text' ? only.text : content;
}

function toContentPart(part: Fields & { readonly type: string }): readonly ContentPart[] {
  const { type } = part;
  if (type === 'text') return [{ type, text: toOptional(part['text']) ?? '' }];
  if (type === 'file') return [toFile(part)];
  // The SDK itself does not show these to a model.
  if (type.startsWith('data-') || type === 'step-start') return [];
  throw refuse(`A user's message has a part of type "${type}". Heddle takes text and file.`);
}

function toFile(part: Fields): ContentPart {
  const url = toOptional(part['url']) ?? '';
  const name = toOptional(part['filename']);
  const found = readDataUrl(url);
  // The server opens no addresses for its callers. The agent may.
  if (found === undefined) return { type: 'text', text: name === undefined ? url : `${name}: ${url}` };
  if (found === 'broken') throw refuse('A file has a data: URL that cannot be read.');
  const media_type = toOptional(part['mediaType']) ?? found.media_type;
  return media_type.startsWith('image/')
    ? { type: 'image', media_type, data: found.data }
    : { type: 'file', media_type, data: found.data, ...(name !== undefined && { name }) };
}

/** Returns earlier messages, for a session that does not exist yet. What no agent can read is left out. */
export function toPast(messages: readonly SentUiMessage[]): readonly PastMessage[] {
  return messages.flatMap((message): readonly PastMessage[] => {
    if (message.role === 'system') return [];
    if (message.role === 'assistant') {
      const parts = message.parts.flatMap(toPastPart);
      return parts.length === 0 ? [] : [{ role: 'agent', parts }];
    }
    const content = message.parts.flatMap(toPastContent);
    const ref = toPastRef(message.id);
    return content.length === 0 ? [] : [{ role: 'user', content, ...(ref !== undefined && { ref }) }];
  });
}

/** A page keeps a message that was refused, and sends it again with each later one. */
function toPastContent(part: Fields & { readonly type: string }): readonly ContentPart[] {
  try {
    return toContentPart(part);
  } catch {
    return [];
  }
}

/** Returns an earlier message's id, if it is one that the server takes as a name. */
export function toPastRef(id: string | undefined): string | undefined {
  return id !== undefined && id.length <= 200 ? id : undefined;
}

function toPastPart(part: Fields & { readonly type: string }): readonly PastPart[] {
  const { type } = part;
  if (type === 'text' || type === 'reasoning') {
    const text = toOptional(part['text']) ?? '';
    return text === '' ? [] : [{ type, text }];
  }
  const tool = toToolName(part);
  const call = toOptional(part['toolCallId']);
  if (tool === undefined || call === undefined) return [];
  const { state, input = null, output = null, errorText } = part;
  const named = { type: 'tool', call, tool, input } as const;
  if (state === 'output-available') return [{ ...named, output, status: 'ok' }];
  if (state === 'output-error') return [{ ...named, output: toOptional(errorText) ?? null, status: 'error' }];
  return [{ ...named, output: null, status: 'cancelled' }];
}

function toToolName(part: Fields & { readonly type: string }): string | undefined {
  if (part.type === 'dynamic-tool') return toOptional(part['toolName']);
  return part.type.startsWith('tool-') ? part.type.slice('tool-'.length) : undefined;
}

/** Returns the texts of system messages, joined. */
export function toInstructions(messages: readonly SentUiMessage[]): string | undefined {
  const texts = messages
    .filter(({ role }) => role === 'system')
    .flatMap(({ parts }) => parts.flatMap((part) => toOptional(part['text']) ?? []));
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

/** Returns a value if it is a text. */
export function toOptional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * Creates the refusal of a request that cannot be read. The SDK shows its sentence as the error's message.
 */
export function refuse(sentence: string): RefusalError {
  return new RefusalError('malformed', sentence);
}
