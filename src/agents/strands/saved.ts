import { isRecord } from '../../protocol/internal.ts';
import { fieldsOf, listOf, textOf } from './fields.ts';
import type { Fields } from './fields.ts';
import { isPaired, toolUsesOf, toStoredMessages } from './stored-message.ts';
import type { StoredMessage } from './stored-message.ts';
import { alternate } from './to-strands-messages.ts';

/** What this adapter saves with a turn. Another version is not read: the log tells all. */
export interface StrandsMemory {
  readonly version: 1;
  /** The conversation, without the messages that the factory puts before it. */
  readonly messages: readonly StoredMessage[];
  readonly waiting?: PendingInterrupts;
}

/** A run that stopped to ask. */
export interface PendingInterrupts {
  /** The SDK's snapshot of the run without messages and system prompt: those of the code win. */
  readonly run: Fields;
  /** The approvals, each with the name of the SDK's interrupt. The SDK's own names come again in later turns. */
  readonly interrupts: readonly NamePair[];
  /** The calls without a result, by the model's name and by ours, so that the turn that goes on tells of them by the same name. */
  readonly calls: readonly NamePair[];
}

export type NamePair = readonly [string, string];

/** Reads what a turn saved; undefined where it is of another version, or broken. */
export function toSaved(value: unknown): StrandsMemory | undefined {
  const { version, messages, waiting } = fieldsOf(value);
  const stored = toStoredMessages(messages);
  if (version !== 1 || stored === undefined) return undefined;
  if (waiting === undefined) return { version, messages: stored };
  const { run, interrupts, calls } = fieldsOf(waiting);
  if (!isRecord(run) || !isPairs(interrupts) || !isPairs(calls)) return undefined;
  return { version, messages: stored, waiting: { run, interrupts, calls } };
}

/** The conversation for a next message; undefined where no provider would take it. Calls that still waited were never answered. */
export function toConversation({ messages, waiting }: StrandsMemory): StoredMessage[] | undefined {
  const conversation = alternate([...messages, ...(waiting ? closePending(waiting) : [])]);
  return conversation.length > 0 && isPaired(conversation) ? conversation : undefined;
}

/** The tool calls a run stopped at, as the SDK keeps them: aside, until all of them have a result. */
export function pendingOf({ run }: PendingInterrupts): {
  readonly message: unknown;
  readonly results: Fields;
} {
  const interrupts = fieldsOf(fieldsOf(run['data'])['interrupts']);
  const { assistantMessageData: message, completedToolResults } = fieldsOf(
    interrupts['pendingToolExecution'],
  );
  return { message, results: fieldsOf(completedToolResults) };
}

const unanswered = 'The call waited for an approval, which nobody gave. It was not finished.';

function closePending(waiting: PendingInterrupts): StoredMessage[] {
  const { message, results } = pendingOf(waiting);
  const [asked] = toStoredMessages([message]) ?? [];
  if (asked === undefined) return [];
  const content = toolUsesOf(asked.content).map((use): object => {
    const toolUseId = textOf(use['toolUseId']);
    const result = Object.hasOwn(results, toolUseId) ? results[toolUseId] : undefined;
    if (isRecord(result)) return result;
    return { toolResult: { toolUseId, status: 'error', content: [{ text: unanswered }] } };
  });
  return [asked, { role: 'user', content }];
}

function isPairs(value: unknown): value is readonly NamePair[] {
  return (
    Array.isArray(value) &&
    value.every((pair) => {
      const [left, right] = listOf(pair);
      return typeof left === 'string' && typeof right === 'string';
    })
  );
}
