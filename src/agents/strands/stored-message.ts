import { isRecord } from '../../protocol/internal.ts';
import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';

/** A message as the SDK saved it. All of it is kept, signatures and media too. */
export interface StoredMessage {
  readonly role: 'user' | 'assistant';
  readonly content: object[];
  readonly trackingId?: string;
}

/** Returns the messages of a snapshot; undefined if one of them is invalid. */
export function toStoredMessages(value: unknown): StoredMessage[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const messages = value.filter(isStoredMessage);
  return messages.length === value.length ? messages : undefined;
}

/**
 * Whether every tool use has its result in the next message, and every result has its tool use. Providers
 * refuse anything else.
 */
export function isPaired(messages: readonly StoredMessage[]): boolean {
  return messages.every(({ role, content }, index) => {
    const before = role === 'user' ? messages[index - 1]?.content : undefined;
    const results = idsOf(content, 'toolResult');
    if (role === 'assistant' && results.length > 0) return false;
    const isLast = index === messages.length - 1;
    const isAnswered = role !== 'assistant' || !isLast || toolUsesOf(content).length === 0;
    return isAnswered && (role === 'assistant' || same(results, idsOf(before ?? [], 'toolUse')));
  });
}

/** Returns the tool uses of a message's content. */
export function toolUsesOf(content: readonly object[]): readonly Fields[] {
  return content.flatMap((block) => ('toolUse' in block ? [fieldsOf(block.toolUse)] : []));
}

function isStoredMessage(value: unknown): value is StoredMessage {
  if (!isRecord(value)) return false;
  const { role, content, trackingId } = value;
  return (
    (role === 'user' || role === 'assistant') &&
    Array.isArray(content) &&
    content.every(isBlock) &&
    (trackingId === undefined || typeof trackingId === 'string')
  );
}

const media = ['image', 'document', 'video', 'audio', 'guardContent', 'cachePoint', 'reasoning'];

/** Whether the SDK knows this block by its one key. An unknown one would throw in the middle of the turn. */
function isBlock(block: unknown): boolean {
  const { text, toolUse, toolResult, citations, ...rest } = fieldsOf(block);
  if (text !== undefined) return typeof text === 'string';
  if (toolUse !== undefined)
    return ['name', 'toolUseId'].every((key) => typeof fieldsOf(toolUse)[key] === 'string');
  if (toolResult !== undefined) {
    const { toolUseId, content } = fieldsOf(toolResult);
    return typeof toolUseId === 'string' && Array.isArray(content) && content.every(isRecord);
  }
  if (citations !== undefined)
    return ['citations', 'content'].every((key) => Array.isArray(fieldsOf(citations)[key]));
  return media.some((key) => isRecord(rest[key]));
}

function idsOf(content: readonly object[], key: 'toolUse' | 'toolResult'): readonly string[] {
  return listOf(content).flatMap((block) => {
    const found = fieldsOf(block)[key];
    return found === undefined ? [] : [textOf(fieldsOf(found)['toolUseId'])];
  });
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify(left.toSorted()) === JSON.stringify(right.toSorted());
}
