import type { SessionEvent } from '../protocol/index.ts';

/**
 * Events that need not survive a power cut: it may take the last second of them. It interrupts the answer
 * that is being written anyway.
 */
const passing: ReadonlySet<SessionEvent['type']> = new Set([
  'content_start',
  'content',
  'content_end',
  'reasoning_start',
  'reasoning',
  'reasoning_end',
  'step_start',
  'step_end',
  'tool_use_start',
  'tool_use_input',
  'tool_progress',
]);

/**
 * Returns whether events must survive a power cut before any reader sees them. All events survive a crash of
 * the process.
 */
export function mustSync(events: readonly SessionEvent[]): boolean {
  return !events.every(({ type }) => passing.has(type));
}
