import { isSessionState } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { MessageState, SessionState } from '../protocol/index.ts';

/** The part of a checkpoint that is replaced at each save. */
export interface CheckpointRecord {
  /** The state, with only those messages that are in no page. */
  readonly state: SessionState;
  readonly trimmed: number;
  /** The characters of all pages. */
  readonly size: number;
}

/**
 * The version of records and pages. A checkpoint of another version is not used. Raise it when the fold of
 * an entry or the form of a state changes.
 */
const version = 2;

export function toRecordText(record: CheckpointRecord): string {
  return JSON.stringify({ version, ...record });
}

/** Reads a record. Returns undefined if it is damaged or of another version. */
export function fromRecordText(text: string): CheckpointRecord | undefined {
  const value = parse(text);
  if (!isRecord(value) || value['version'] !== version) return undefined;
  const { state, trimmed, size } = value;
  if (!isSessionState(state) || state.last === undefined) return undefined;
  if (typeof trimmed !== 'number' || typeof size !== 'number') return undefined;
  return { state, trimmed, size };
}

/** Reads the messages of a page. Returns undefined if they are damaged. */
export function fromPageText(text: string): readonly MessageState[] | undefined {
  const value = parse(text);
  return Array.isArray(value) && value.length > 0 && value.every(isMessageState) ? value : undefined;
}

function isMessageState(value: unknown): value is MessageState {
  return isRecord(value) && (value['role'] === 'user' || value['role'] === 'agent');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
