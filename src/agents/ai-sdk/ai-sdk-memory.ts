import { toSnapshotText } from '../kit/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { AiSdkMessage } from './ai-sdk-message.ts';
import { decodeBytes, encodeBytes } from './code-bytes.ts';

/** The data that a turn saves: the conversation with its answer, and the calls that wait for approvals. */
export interface AiSdkMemory {
  readonly messages: readonly AiSdkMessage[];
  readonly waiting: readonly WaitingCall[];
}

/** A call that waits for an approval. */
export interface WaitingCall {
  /** The name of the approval in the log. */
  readonly approval: string;
  /** The SDK's name of the approval. */
  readonly vendorApproval: string;
  /** The SDK's id of the call. */
  readonly id: string;
  /** The call's name in the log. */
  readonly call: string;
  readonly tool: string;
  readonly input: unknown;
  /** Whether the provider runs the tool. */
  readonly providerExecuted?: boolean;
}

/** Returns the memory as JSON for a snapshot; undefined if it cannot be JSON, or is too long. */
export function encodeMemory({ messages, waiting }: AiSdkMemory): unknown {
  try {
    const snapshot = { version: 1, messages: encodeBytes(messages), waiting: encodeBytes(waiting) };
    return toSnapshotText(snapshot) === undefined ? undefined : snapshot;
  } catch {
    return undefined;
  }
}

/** Returns the memory of a snapshot; undefined if there is none, or one of another version. */
export function decodeMemory(snapshot: unknown): AiSdkMemory | undefined {
  if (!isRecord(snapshot) || snapshot['version'] !== 1) return undefined;
  const messages = decodeBytes(snapshot['messages']);
  const waiting = decodeBytes(snapshot['waiting']);
  return isMessages(messages) && isWaiting(waiting) ? { messages, waiting } : undefined;
}

function isMessages(value: unknown): value is readonly AiSdkMessage[] {
  return Array.isArray(value) && value.every((each) => isRecord(each) && typeof each['role'] === 'string');
}

function isWaiting(value: unknown): value is readonly WaitingCall[] {
  const names = ['approval', 'vendorApproval', 'id', 'call', 'tool'];
  return (
    Array.isArray(value) &&
    value.every((each) => isRecord(each) && names.every((name) => typeof each[name] === 'string'))
  );
}
