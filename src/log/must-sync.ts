import type { SessionEvent } from '../protocol/index.ts';

/** What is said in passing: a power cut may take the last second of it, as it takes the answer that was being made. */
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

/** Whether events must survive a power cut before anybody hears of them; all survive the death of the process. */
export function mustSync(events: readonly SessionEvent[]): boolean {
  return !events.every(({ type }) => passing.has(type));
}
