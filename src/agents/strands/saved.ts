import { isRecord } from '../../protocol/internal.ts';
import { fieldsOf, isNamePairs, textOf } from '../kit/index.ts';
import type { Fields, NamePair } from '../kit/index.ts';
import { isPaired, toolUsesOf, toStoredMessages } from './stored-message.ts';
import type { StoredMessage } from './stored-message.ts';
import { alternate } from './to-strands-messages.ts';

/**
 * The data that this adapter saves with a turn. Other versions are not read: the log has the conversation
 * too.
 */
export interface StrandsMemory {
  readonly version: 1;
  /** The conversation, without the messages that the factory puts before it. */
  readonly messages: readonly StoredMessage[];
  readonly waiting?: PendingInterrupts;
}

/** A run that stopped for approvals. */
export interface PendingInterrupts {
  /** The SDK's snapshot of the run without messages and system prompt. Those of the code are used. */
  readonly run: Fields;
  /** The approvals, each with the id of the SDK's interrupt. The SDK's ids may come again in later turns. */
  readonly interrupts: readonly NamePair[];
  /**
   * The calls without a result, as pairs of the SDK's id and Heddle's name. The turn that continues reports
   * them under the same names.
   */
  readonly calls: readonly NamePair[];
}

/** Reads what a turn saved; undefined if it has another version, or is broken. */
export function toSaved(value: unknown): StrandsMemory | undefined {
  const { version, messages, waiting } = fieldsOf(value);
  const stored = toStoredMessages(messages);
  if (version !== 1 || stored === undefined) return undefined;
  if (waiting === undefined) return { version, messages: stored };
  const { run, interrupts, calls } = fieldsOf(waiting);
  if (!isRecord(run) || !isNamePairs(interrupts) || !isNamePairs(calls)) return undefined;
  return { version, messages: stored, waiting: { run, interrupts, calls } };
}

/**
 * Returns the conversation before a new message; undefined if providers would refuse it. Calls that still
 * waited for an approval get a result that says that it was not given.
 */
export function toRemembered({ messages, waiting }: StrandsMemory): StoredMessage[] | undefined {
  const conversation = alternate([...messages, ...(waiting ? closePending(waiting) : [])]);
  return conversation.length > 0 && isPaired(conversation) ? conversation : undefined;
}

/** Returns the calls that a run stopped at. The SDK keeps them apart until all have a result. */
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
