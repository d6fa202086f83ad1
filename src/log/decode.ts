import { isSessionState } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { SessionState } from '../protocol/index.ts';
import type { Head } from './head.ts';

/** Parses a head from the text that a store keeps. Throws if it is not a head. */
export function toHead(session: string, text: string): Head {
  const head = parse(session, 'the head', text);
  if (!isHead(head)) throw toDamage(session, 'the head is not one');
  return head;
}

/** Parses the state that replaces trimmed entries. Throws if it is not a state. */
export function toState(session: string, text: string): SessionState {
  const state = parse(session, 'the base', text);
  if (!isSessionState(state)) throw toDamage(session, 'the base is not a state');
  return state;
}

/** Parses the data of a snapshot. Throws if it is not a text. */
export function toSnapshot(session: string, text: string): string {
  const data = parse(session, 'a snapshot', text);
  if (typeof data !== 'string') throw toDamage(session, 'a snapshot is not a text');
  return data;
}

/**
 * Creates the error for stored data that differs from what was written. A store never skips unreadable data.
 */
export function toDamage(session: string, what: string): Error {
  return new Error(`The log of session ${session} is damaged: ${what}.`);
}

const kinds: ReadonlySet<unknown> = new Set<Head['kind']>(['session', 'once', 'outbox']);

function isHead(value: unknown): value is Head {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value['version']) &&
    typeof value['owner'] === 'string' &&
    kinds.has(value['kind']) &&
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
