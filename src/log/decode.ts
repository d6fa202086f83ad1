import { isSessionState } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { SessionState } from '../protocol/index.ts';
import type { Head } from './head.ts';

/** Reads a head from the text a store keeps; throws where it is none. */
export function toHead(session: string, text: string): Head {
  const head = parse(session, 'the head', text);
  if (!isHead(head)) throw toDamage(session, 'the head is not one');
  return head;
}

/** Reads the state that stands for trimmed entries; throws where it is none. */
export function toState(session: string, text: string): SessionState {
  const state = parse(session, 'the base', text);
  if (!isSessionState(state)) throw toDamage(session, 'the base is not a state');
  return state;
}

/** Reads the data of a snapshot; throws where they are none. */
export function toSnapshot(session: string, text: string): string {
  const data = parse(session, 'a snapshot', text);
  if (typeof data !== 'string') throw toDamage(session, 'a snapshot is not a text');
  return data;
}

/** The error of a store that finds something else than was written: what cannot be read is never left out. */
export function toDamage(session: string, what: string): Error {
  return new Error(`The log of session ${session} is damaged: ${what}.`);
}

function isHead(value: unknown): value is Head {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value['version']) &&
    typeof value['owner'] === 'string' &&
    (value['kind'] === 'session' || value['kind'] === 'once') &&
    typeof value['createdAt'] === 'number' &&
    typeof value['activeAt'] === 'number' &&
    Array.isArray(value['queue']) &&
    (value['dueAt'] === undefined || typeof value['dueAt'] === 'number')
  );
}

function parse(session: string, what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw toDamage(session, `${what} is not JSON`);
  }
}
