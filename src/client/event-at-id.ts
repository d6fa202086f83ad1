import { isSessionEvent, isSessionState } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { SessionEvent, StreamEvent } from '../protocol/index.ts';

/** An event as it came, and the id of its entry. Events about the stream itself have no id. */
export interface EventAtId {
  readonly id?: string;
  readonly event: SessionEvent | StreamEvent | UnknownEvent;
}

/**
 * An event whose type this version does not know, or that lacks a field of its type. The application decides
 * what to do with it.
 */
export interface UnknownEvent {
  readonly type: 'unknown';
  /** The event's type, or else the name of its frame; empty if it has neither. */
  readonly name: string;
  /** The JSON of the event, or its text if that is not JSON. */
  readonly data: unknown;
}

/** Reads the data of a frame with this name, or of an entry. Never throws, whatever a server sends. */
export function toEvent(name: string, data: unknown): EventAtId['event'] {
  if (isSessionEvent(data) || isStreamEvent(data)) return data;
  const type = isRecord(data) ? data['type'] : undefined;
  return { type: 'unknown', name: typeof type === 'string' ? type : name, data };
}

/** Parses JSON. Other text is returned as it is. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Returns whether a value from outside is an event about the stream itself. */
export function isStreamEvent(value: unknown): value is StreamEvent {
  if (!isRecord(value)) return false;
  const { type } = value;
  return (
    type === 'drain' ||
    type === 'auth_expired' ||
    type === 'end' ||
    (type === 'resync' && (value['state'] === undefined || isSessionState(value['state'])))
  );
}
