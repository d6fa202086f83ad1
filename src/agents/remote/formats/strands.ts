import type { AgentEvent } from '../../../protocol/index.ts';
import {
  createFailure,
  createText,
  fieldsOf,
  listOf,
  textOf,
  toStopReason,
  toUsage,
} from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import type { Heard } from '../heard.ts';
import type { Hearer } from '../remote-format.ts';
import { toFailed } from './typed.ts';

/** Listens to the events of `stream_async()` of Strands for Python, sent as they are. */
export function listenToStrands(): Hearer {
  const speakers = new Map<string, (event: Fields) => readonly Heard[]>();

  const hear = (event: Fields, path: readonly string[]): readonly Heard[] => {
    const inner = toInner(event);
    if (inner !== undefined) return hear(inner.event, [...path, inner.name]);
    const key = JSON.stringify(path);
    const speaker = speakers.get(key) ?? createSpeaker(path);
    speakers.set(key, speaker);
    return speaker(event);
  };

  return {
    hear({ json }) {
      const event = fieldsOf(json);
      return 'error' in event ? [toFailed(event)] : hear(event, []);
    },
    end: (isFramed) => (isFramed ? [{ type: 'end' }] : []),
  };
}

/** Returns the event of an inner agent: a tool that is an agent, or a node of a graph or swarm. */
function toInner(event: Fields): { readonly name: string; readonly event: Fields } | undefined {
  if (event['type'] === 'multiagent_node_stream')
    return { name: textOf(event['node_id']).slice(0, 200), event: fieldsOf(event['event']) };
  const { tool_use: use, data } = fieldsOf(event['tool_stream_event']);
  if (!isLoopEvent(fieldsOf(data))) return undefined;
  return { name: textOf(fieldsOf(use)['name']).slice(0, 200), event: fieldsOf(data) };
}

const loopKeys = [
  'data',
  'event',
  'message',
  'start_event_loop',
  'init_event_loop',
  'reasoningText',
  'start',
];

function isLoopEvent(event: Fields): boolean {
  return loopKeys.some((key) => key in event) || 'tool_stream_event' in event;
}

function createSpeaker(path: readonly string[]): (event: Fields) => readonly Heard[] {
  const by = path.length > 0 ? { agent: path } : {};
  const text = createText(by);
  const writing: { call: string | undefined } = { call: undefined };
  // The same text stands in two events. The model's own event comes first, and other events are not always JSON.
  const heard = { model: false };

  const say = (kind: 'content' | 'reasoning', data: unknown): readonly Heard[] =>
    text.say(kind, textOf(data));

  const hearModel = (event: Fields): readonly Heard[] => {
    const { start } = fieldsOf(event['contentBlockStart']);
    const { toolUse } = fieldsOf(start);
    if (toolUse !== undefined) {
      const { toolUseId, name } = fieldsOf(toolUse);
      writing.call = toName(toolUseId);
      return [...text.endPart(), { type: 'tool_use_start', call: writing.call, tool: toName(name), ...by }];
    }
    if ('contentBlockDelta' in event) {
      heard.model = true;
      const delta = fieldsOf(fieldsOf(event['contentBlockDelta'])['delta']);
      const { input } = fieldsOf(delta['toolUse']);
      if (typeof input === 'string' && input !== '' && writing.call !== undefined)
        return [{ type: 'tool_use_input', call: writing.call, data: input, ...by }];
      return [
        ...say('content', delta['text']),
        ...say('reasoning', fieldsOf(delta['reasoningContent'])['text']),
      ];
    }
    if ('contentBlockStop' in event) {
      writing.call = undefined;
      return text.endPart();
    }
    if ('messageStop' in event) return toStop(fieldsOf(event['messageStop'])['stopReason']);
    const { redactAssistantContentMessage: redaction } = fieldsOf(event['redactContent']);
    if (typeof redaction === 'string') return text.settle([redaction]);
    const { inputTokens, outputTokens, totalTokens } = fieldsOf(fieldsOf(event['metadata'])['usage']);
    const usage = toUsage({ input: inputTokens, output: outputTokens, total: totalTokens });
    return usage ? [{ type: 'usage', usage, ...by }] : [];
  };

  const toStop = (reason: unknown): readonly Heard[] =>
    path.length === 0 && typeof reason === 'string' ? [{ type: 'stop', reason: toStopReason(reason) }] : [];

  const hearMessage = ({ role, content }: Fields): readonly Heard[] =>
    listOf(content).flatMap((block): readonly AgentEvent[] => {
      const { toolUse, toolResult } = fieldsOf(block);
      if (role === 'assistant' && toolUse !== undefined) {
        const { toolUseId, name, input } = fieldsOf(toolUse);
        return [{ type: 'tool_use', call: toName(toolUseId), tool: toName(name), input: input ?? {}, ...by }];
      }
      if (role !== 'user' || toolResult === undefined) return [];
      const { toolUseId, status, content: output } = fieldsOf(toolResult);
      const ended = status === 'error' ? 'error' : 'ok';
      return [
        { type: 'tool_result', call: toName(toolUseId), output: toOutput(output), status: ended, ...by },
      ];
    });

  return (event) => {
    if (event['start_event_loop'] === true) {
      text.reset();
      return [...text.endPart(), { type: 'step_start', ...by }];
    }
    if (event['type'] === 'multiagent_handoff') {
      const { type: _, ...data } = event;
      return [{ type: 'custom', name: 'handoff', data, ...by }];
    }
    if ('event' in event) return hearModel(fieldsOf(event['event']));
    if ('message' in event) return hearMessage(fieldsOf(event['message']));
    if ('tool_stream_event' in event) {
      const { tool_use: use, data } = fieldsOf(event['tool_stream_event']);
      return [{ type: 'tool_progress', call: toName(fieldsOf(use)['toolUseId']), data, ...by }];
    }
    if ('result' in event) {
      const { stop_reason: reason, interrupts } = fieldsOf(event['result']);
      // The server has no way to be sent an answer.
      return listOf(interrupts).length > 0
        ? [{ type: 'failed', error: createFailure('approval_unsupported') }]
        : toStop(reason);
    }
    if (heard.model) return [];
    return [...say('content', event['data']), ...say('reasoning', event['reasoningText'])];
  };
}

function toName(value: unknown): string {
  return textOf(value).slice(0, 200) || 'call';
}

function toOutput(content: unknown): unknown {
  const [only, ...others] = listOf(content).map(fieldsOf);
  if (only === undefined || others.length > 0) return content ?? null;
  return only['text'] ?? only['json'] ?? content;
}
