import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { GraphCalls } from './create-graph-calls.ts';
import type { GraphMessages } from './create-graph-messages.ts';
import type { ToolWatch } from './create-tool-watch.ts';
import { messagesOf, parseToolInput, speakerOf, stopReasonOf } from './read-message.ts';
import { byPath } from './speaker-path.ts';
import type { SpeakerPath } from './speaker-path.ts';
import { isWithoutMemory } from './to-graph-error.ts';

/** Converts what a graph streams in one turn to Heddle's events. */
export interface GraphMapper {
  /** Returns the events for one part of the stream. Never throws, whatever it is given in whatever order. */
  map(part: unknown): readonly AgentEvent[];
  /** Returns the last events of a run that ended by itself, or that waits. */
  end(): readonly AgentEvent[];
  /** The interrupts that the graph stopped at, in order. */
  interrupts(): readonly GraphInterrupt[];
  /** The newest checkpoint of each namespace. */
  checkpoints(): ReadonlyMap<string, string>;
  /** Whether something asked for an approval and cannot wait for one. */
  isStuck(): boolean;
}

/** An interrupt, with the namespace of the graph whose task raised it. */
export interface GraphInterrupt {
  readonly id: string;
  readonly value: unknown;
  readonly namespace: string;
}

export interface GraphMapperOptions {
  readonly watch: ToolWatch;
  readonly calls: GraphCalls;
  readonly messages: GraphMessages;
  /** Whether the run goes on from an interrupt. It then tells again what its tasks had done before. */
  readonly isResumed: boolean;
}

/** Starts the mapper of a turn. */
export function createGraphMapper({ watch, calls, messages, isResumed }: GraphMapperOptions): GraphMapper {
  const interrupts = new Map<string, GraphInterrupt>();
  const checkpoints = new Map<string, string>();
  /** The last message of the outer agent. */
  let answer: unknown;
  let isStuck = false;

  const hearMessage = (path: SpeakerPath, message: unknown): readonly AgentEvent[] => {
    if (speakerOf(message) === 'tool') return messages.result(path, message);
    if (path.length === 0) answer = message;
    return messages.finished(path, message);
  };

  const hearNode = (path: SpeakerPath, node: string, update: unknown): readonly AgentEvent[] => {
    const given = messagesOf(update);
    const output = structuredOutputOf(update);
    return [
      ...given.flatMap((message) => hearMessage(path, message)),
      // A node that makes no messages of results tells them in no other way.
      ...(given.some((message) => speakerOf(message) === 'tool') ? [] : calls.flush(node)),
      ...(output === undefined
        ? []
        : [{ type: 'custom', name: 'structured_output', data: output, ...byPath(path) } as const]),
    ];
  };

  const hearUpdates = (namespace: readonly string[], updates: Fields): readonly AgentEvent[] => {
    const { __interrupt__: raised, __metadata__: about, ...nodes } = updates;
    for (const { id, value } of listOf(raised).map(fieldsOf)) {
      const interrupt = { id: textOf(id), value, namespace: namespace.join('|') };
      // An interrupt of an inner graph comes there first, and then once more in each graph around it.
      if (!interrupts.has(interrupt.id)) interrupts.set(interrupt.id, interrupt);
    }
    // Without a value it is a breakpoint of the graph, which nothing can answer.
    if (Array.isArray(raised) && raised.length === 0) isStuck = true;
    if (isResumed && fieldsOf(about)['cached'] === true) return [];
    const path = watch.pathOf(namespace);
    return Object.entries(nodes).flatMap(([node, update]) => hearNode(path, node, update));
  };

  const hearTool = (path: SpeakerPath, payload: Fields): readonly AgentEvent[] => {
    const [id, tool] = [textOf(payload['toolCallId']), textOf(payload['name'])];
    switch (payload['event']) {
      case 'on_tool_start': {
        const start = watch.take(id, tool) ?? { id, tool, task: '' };
        const events = calls.start(path, start, parseToolInput(payload['input']));
        return events.length > 0 ? [...messages.step(path), ...events] : [];
      }
      case 'on_tool_event':
        return calls.progress(id, tool, payload['data']);
      case 'on_tool_end':
        return calls.end(id, tool, payload['output'], 'ok');
      case 'on_tool_error':
        isStuck ||= isWithoutMemory(payload['error']);
        return calls.end(id, tool, null, 'error');
      default:
        return [];
    }
  };

  return {
    map(part) {
      const [given, mode, payload] = listOf(part);
      const namespace = listOf(given).map(textOf);
      const path = watch.pathOf(namespace);
      switch (mode) {
        case 'messages': {
          const [message, place] = listOf(payload);
          const speaker = speakerOf(message);
          if (speaker === 'tool') return messages.result(path, message);
          return speaker === 'model' ? messages.chunk(path, message, fieldsOf(place)) : [];
        }
        case 'updates':
          return hearUpdates(namespace, fieldsOf(payload));
        case 'tools':
          return hearTool(path, fieldsOf(payload));
        case 'custom': {
          const name = textOf(fieldsOf(payload)['type']).slice(0, 200) || 'custom';
          return [{ type: 'custom', name, data: payload, ...byPath(path) }];
        }
        case 'checkpoints': {
          const { checkpoint_id: id } = fieldsOf(fieldsOf(fieldsOf(payload)['config'])['configurable']);
          if (typeof id === 'string') checkpoints.set(namespace.join('|'), id);
          return [];
        }
        default:
          return [];
      }
    },
    end: () => [
      ...calls.flush(),
      ...messages.end(),
      ...(interrupts.size > 0 ? [] : [{ type: 'stop', reason: stopReasonOf(answer) } as const]),
    ],
    interrupts: () => [...interrupts.values()],
    checkpoints: () => checkpoints,
    isStuck: () => isStuck,
  };
}

function structuredOutputOf(update: unknown): unknown {
  const updates = Array.isArray(update) ? update : [update];
  return updates.map((each) => fieldsOf(each)['structuredResponse']).find((each) => each !== undefined);
}
