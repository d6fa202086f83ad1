import { fieldsOf, textOf, toSpokenLine } from '../../kit/index.ts';
import type { UpstreamFrame } from '../remote-format.ts';

/** The forms of a response that can be told from its first frames. */
export type DetectedForm =
  | 'named'
  | 'typed'
  | 'strands'
  | 'agui'
  | 'openai'
  | 'responses'
  | 'ai-sdk-ui'
  | 'failure';

const uiTypes = new Set([
  'start',
  'start-step',
  'text-start',
  'text-delta',
  'reasoning-start',
  'tool-input-start',
  'tool-input-available',
]);

const namedEvents = new Set(['content', 'reasoning', 'tool_use', 'tool_result', 'approval', 'error', 'end']);

const strandsKeys = [
  'data',
  'event',
  'init_event_loop',
  'start',
  'start_event_loop',
  'current_tool_use',
  'reasoningText',
  'message',
  'result',
];

/**
 * Returns the form of a response by one of its frames; undefined if the frame could be of any form, such as a
 * `ping`, or is of none that is known.
 */
export function detectForm({ event, json }: UpstreamFrame): DetectedForm | undefined {
  // Some servers send a Strands event that is no JSON as the text that Python prints for it.
  if (typeof json === 'string') return json.startsWith("{'") ? 'strands' : 'typed';
  const fields = fieldsOf(json);
  const type = textOf(fields['type']);
  if (type.startsWith('response.')) return 'responses';
  if (/^[A-Z][A-Z_]+$/.test(type)) return 'agui';
  if (uiTypes.has(type)) return 'ai-sdk-ui';
  if (Array.isArray(fields['choices'])) return 'openai';
  if (namedEvents.has(event) && type === '') return 'named';
  if (type.startsWith('multiagent_')) return 'strands';
  if (type !== '') return toSpokenLine(json) !== undefined || type === 'message_end' ? 'typed' : undefined;
  if ('error' in fields) return 'failure';
  return strandsKeys.some((key) => key in fields) ? 'strands' : undefined;
}
