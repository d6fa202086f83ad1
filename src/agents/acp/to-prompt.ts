import type { Content, ContentPart, MessageState } from '../../protocol/index.ts';
import { createFailure, toLineMessages } from '../kit/index.ts';
import type { AcpAbilities } from './abilities.ts';

/** A block of a prompt. */
export type PromptBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mimeType: string; readonly data: string }
  | {
      readonly type: 'resource';
      readonly resource: { readonly uri: string; readonly mimeType: string } & (
        | { readonly text: string }
        | { readonly blob: string }
      );
    };

type Takes = Pick<AcpAbilities, 'takesImages' | 'takesFiles'>;

/** Returns a message as a prompt. Throws the failure `unsupported_content` if the agent does not take a part of it. */
export function toPrompt(content: Content, takes: Takes): readonly PromptBlock[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, index) => toBlock(part, index, takes));
}

/**
 * Returns the conversation before a message as a block for an agent that does not know it; none if there is no
 * conversation. It is JSON, so that no message can pretend to be another one.
 */
export function toEarlier(history: readonly MessageState[]): readonly PromptBlock[] {
  const messages = toLineMessages(history, { type: 'message', content: '' }).slice(0, -1);
  if (messages.length === 0) return [];
  const text = `The conversation before this message, as JSON. You are the assistant in it.\n${JSON.stringify(messages)}`;
  return [{ type: 'text', text }];
}

function toBlock(part: ContentPart, index: number, { takesImages, takesFiles }: Takes): PromptBlock {
  if (part.type === 'text') return part;
  const { media_type: mimeType, data } = part;
  if (part.type === 'image' && takesImages) return { type: 'image', mimeType, data };
  if (!takesFiles) throw createFailure('unsupported_content');
  const uri = `attachment:///${index + 1}/${encodeURIComponent(nameOf(part))}`;
  const body = mimeType.startsWith('text/') ? { text: fromBase64(data) } : { blob: data };
  return { type: 'resource', resource: { uri, mimeType, ...body } };
}

function nameOf(part: Exclude<ContentPart, { type: 'text' }>): string {
  return part.type === 'file' ? (part.name ?? 'file') : 'image';
}

function fromBase64(data: string): string {
  return Buffer.from(data, 'base64').toString('utf8');
}
