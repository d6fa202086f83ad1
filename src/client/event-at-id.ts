import { isSessionEvent, isSessionState } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { SessionEvent, StreamEvent } from '../protocol/index.ts';

/** An event as it came, and the id of its entry; events about the stream itself have none. */
export interface EventAtId {
  readonly id?: string;
  readonly event: SessionEvent | StreamEvent | UnknownEvent;
}

/** An event this version does not know, or that lacks what its type needs: passed on, for the application to judge. */
export interface UnknownEvent {
  readonly type: 'unknown';
  /** Its type, or else the name of its frame; empty where it has neither. */
  readonly name: string;
  /** The JSON it carried, or its text where that is no JSON. */
  readonly data: unknown;
}

/** Reads what stands in a frame of that name, or in an entry. Whatever a server sends, this does not throw. */
export function toEvent(name: string, data: unknown): EventAtId['event'] {
  if (isSessionEvent(data) || isStreamEvent(data)) return data;
  const type = isRecord(data) ? data['type'] : undefined;
  return { type: 'unknown', name: typeof type === 'string' ? type : name, data };
}

/** Reads JSON; what is none stays text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a value from outside is an event about the stream itself. */
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
