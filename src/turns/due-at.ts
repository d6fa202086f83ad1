import { isBusy } from '../log/internal.ts';
import type { Before } from './decision.ts';

const hourMs = 3_600_000;

/**
 * Returns the time from which a node should work on a session, in milliseconds since 1970. It is 0 if there
 * is something to run, so that no clock can delay it. Otherwise it is the time when something in the session
 * expires, or undefined if nothing does.
 */
export function toDueAt(next: Before, at: number, onceMs: number = hourMs): number | undefined {
  if (isBusy(next)) return 0;
  if (next.waiting !== undefined) return next.waiting.expiresAt;
  // A one-shot session is kept after its turn, for clients that come back for the answer.
  return next.kind === 'once' && next.title !== undefined ? at + onceMs : undefined;
}
