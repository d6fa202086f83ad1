import { isBusy } from '../log/internal.ts';
import type { Before } from './decision.ts';

const hourMs = 3_600_000;

/**
 * From when on a node should be at work in a session: 0 where there is something to run, so that no clock can put it off; else when something in it
 * runs out.
 */
export function toDueAt(next: Before, at: number, onceMs: number = hourMs): number | undefined {
  if (isBusy(next)) return 0;
  if (next.waiting !== undefined) return next.waiting.expiresAt;
  // A one-shot session that has had its turn is kept for those who come back for the answer.
  return next.kind === 'once' && next.title !== undefined ? at + onceMs : undefined;
}
