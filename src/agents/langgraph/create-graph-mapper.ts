import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, listOf, textOf, toStopReason, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { by } from './create-graph-calls.ts';
import type { GraphCalls } from './create-graph-calls.ts';
import type { ToolWatch } from './create-tool-watch.ts';
import { callsOf, messagesOf, piecesOf, speakerOf, parseToolInput } from './read-message.ts';
import { isWithoutMemory } from './to-graph-error.ts';
import { createSaidMessage } from './said-message.ts';
import type { SaidMessage } from './said-message.ts';

type Path = readonly string[];

/** Converts what a graph streams in one turn to Heddle's events. */
export interface GraphMapper {
  /** Returns the events for one part of the stream. Never throws, whatever it is given in whatever order. */
  map(part: unknown): readonly AgentEvent[];
  /** Returns the last events of a run that ended by itself. */
  end(): readonly AgentEvent[];
  /** The interrupts that the graph stopped at, in order. */
  interrupts(): readonly GraphInterrupt[];
  /** The newest checkpoint of each namespace, as the stream told it. */
  checkpoints(): ReadonlyMap<string, string>;
  /** The ids of all messages that were told. */
  heard(): readonly string[];
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
  /** The ids of the messages that the graph knew before this turn. They are not told again. */
  readonly known: Iterable<string>;
  /** Whether the run goes on from an interrupt. It then tells again what its tasks had done before. */
  readonly isResumed: boolean;
}

/** What was told of a message, and where it came from. */
interface Told {
  readonly said: SaidMessage;
  readonly task: string;
  readonly isFinished: boolean;
}

export function createGraphMapper({ watch, calls, known, isResumed }: GraphMapperOptions): GraphMapper {
  /** What was told in this turn, by the ids of messages. */
  const told = new Map<string, Told>();
  /** The ids of messages that are not told: those of earlier turns, results, and what was given up. */
  const silent = new Set(known);
  /** What messages without an id had, by speaker. They may come again with one. */
  const nameless = new Set<string>();
  /** The open step of each speaker. */
  const steps = new Map<string, string>();
  const interrupts = new Map<string, GraphInterrupt>();
  const checkpoints = new Map<string, string>();
  const last: { message?: unknown; isStuck: boolean; count: number } = { isStuck: false, count: 0 };

  /** Begins a step of a speaker if none is open, or the graph is in another one now. */
  const ensureStep = (path: Path, step?: string): readonly AgentEvent[] => {
    const key = JSON.stringify(path);
    const current = steps.get(key);
    if (current !== undefined && (step === undefined || step === current)) return [];
    steps.set(key, step ?? '');
    return [...calls.flush(), { type: 'step_start', ...by(path) }];
  };

  const begin = (path: Path): SaidMessage => createSaidMessage(`m${(last.count += 1)}`, by(path));

  /** Takes back what a task's model had said before it failed. The task asks again. */
  const dropFailed = (task: string): readonly AgentEvent[] => {
    const broken = [...told].filter(
      ([id, each]) => each.task === task && !each.isFinished && !watch.hasEnded(id),
    );
    // A task may call several models at once. If one of them failed, nothing tells which.
    if (broken.length > watch.failuresOf(task)) return [];
    return broken.flatMap(([id, { said }]) => {
      told.delete(id);
      silent.add(id);
      return [...said.discard(), ...calls.drop(id)];
    });
  };

  const hearChunk = (path: Path, message: unknown, place: Fields): readonly AgentEvent[] => {
    const { id: given, tool_call_chunks: chunks } = fieldsOf(message);
    const id = textOf(given);
    const earlier = told.get(id);
    if (silent.has(id) || earlier?.isFinished === true) return [];
    // A message that is no chunk is whole.
    if (chunks === undefined && earlier === undefined && isAgain(path, message, id)) return [];
    const { langgraph_checkpoint_ns: namespace, langgraph_step: step } = place;
    const task = textOf(namespace);
    const dropped = earlier ? [] : dropFailed(task);
    const now = earlier ?? { said: begin(path), task, isFinished: false };
    told.set(id, now);
    return [
      ...dropped,
      ...(earlier ? [] : ensureStep(path, String(step))),
      ...piecesOf(message).flatMap(now.said.say),
      // The engine ends the text before a call.
      ...(listOf(chunks).length > 0 ? now.said.end() : []),
      ...listOf(chunks).flatMap((chunk) => calls.write(path, id, fieldsOf(chunk))),
      ...tellUsage(message, path),
    ];
  };

  /** Tells the finished message of a model: what was not said yet, and its calls. */
  const finish = (path: Path, message: unknown): readonly AgentEvent[] => {
    const id = textOf(fieldsOf(message)['id']);
    const earlier = id === '' ? undefined : told.get(id);
    if (silent.has(id) || (earlier === undefined && isAgain(path, message, id))) return [];
    const pieces = piecesOf(message);
    const text = pieces.map(({ kind, data }) => (kind === 'content' ? data : '')).join('');
    // A middleware may change a message that is finished.
    if (earlier?.isFinished === true) return earlier.said.settle(text);
    if (path.length === 0) last.message = message;
    const said = earlier?.said ?? begin(path);
    if (id !== '') told.set(id, { task: '', ...earlier, said, isFinished: true });
    return [
      ...ensureStep(path),
      ...(earlier
        ? said.settle(text)
        : [...pieces.flatMap(said.say), ...said.end(), ...tellUsage(message, path)]),
      ...callsOf(message).flatMap((call) => calls.use(path, id, call)),
    ];
  };

  /** Tells the message of a tool's result, which comes in more than one way. */
  const hearResult = (path: Path, message: unknown): readonly AgentEvent[] => {
    const id = textOf(fieldsOf(message)['id']);
    if (silent.has(id)) return [];
    if (id !== '') silent.add(id);
    return calls.result(path, message);
  };

  /** Whether a message was told before the graph, or the one around it, gave it an id. */
  const isAgain = (path: Path, message: unknown, id: string): boolean => {
    const toKey = (speaker: Path): string => JSON.stringify([speaker, piecesOf(message), callsOf(message)]);
    if (id === '') {
      for (let depth = 0; depth <= path.length; depth += 1) nameless.add(toKey(path.slice(0, depth)));
      return false;
    }
    const isTold = nameless.delete(toKey(path));
    if (isTold) silent.add(id);
    return isTold;
  };

  const hearUpdate = (path: Path, node: string, update: unknown): readonly AgentEvent[] => {
    const messages = messagesOf(update);
    const output = structuredOutputOf(update);
    return [
      ...messages.flatMap((message) =>
        speakerOf(message) === 'model' ? finish(path, message) : hearResult(path, message),
      ),
      // A node that makes no messages of results tells them in no other way.
      ...(messages.some((message) => speakerOf(message) === 'tool') ? [] : calls.flush(node)),
      ...(output === undefined
        ? []
        : [{ type: 'custom', name: 'structured_output', data: output, ...by(path) } as const]),
    ];
  };

  const hearUpdates = (namespace: Path, updates: Fields): readonly AgentEvent[] => {
    const { __interrupt__: raised, __metadata__: about, ...nodes } = updates;
    for (const { id, value } of listOf(raised).map(fieldsOf)) {
      const interrupt = { id: textOf(id), value, namespace: namespace.join('|') };
      // An interrupt of an inner graph comes there first, and then once more in each graph around it.
      if (!interrupts.has(interrupt.id)) interrupts.set(interrupt.id, interrupt);
    }
    // Without a value it is a breakpoint of the graph, which nothing can answer.
    if (Array.isArray(raised) && raised.length === 0) last.isStuck = true;
    if (isResumed && fieldsOf(about)['cached'] === true) return [];
    const path = watch.pathOf(namespace);
    return Object.entries(nodes).flatMap(([node, update]) => hearUpdate(path, node, update));
  };

  const hearTool = (path: Path, payload: Fields): readonly AgentEvent[] => {
    const [id, tool] = [textOf(payload['toolCallId']), textOf(payload['name'])];
    switch (payload['event']) {
      case 'on_tool_start': {
        const start = watch.take(id, tool) ?? { id, tool, task: '' };
        const told = calls.start(path, start, parseToolInput(payload['input']));
        return told.length > 0 ? [...ensureStep(path), ...told] : [];
      }
      case 'on_tool_event':
        return calls.progress(id, tool, payload['data']);
      case 'on_tool_end':
        return calls.end(id, tool, payload['output'], 'ok');
      case 'on_tool_error':
        if (isWithoutMemory(payload['error'])) last.isStuck = true;
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
          if (speaker === 'tool') return hearResult(path, message);
          return speaker === 'model' ? hearChunk(path, message, fieldsOf(place)) : [];
        }
        case 'updates':
          return hearUpdates(namespace, fieldsOf(payload));
        case 'tools':
          return hearTool(path, fieldsOf(payload));
        case 'custom': {
          const name = textOf(fieldsOf(payload)['type']).slice(0, 200) || 'custom';
          return [{ type: 'custom', name, data: payload, ...by(path) }];
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
      ...[...told.values()].flatMap(({ said }) => said.end()),
      { type: 'stop', reason: stopReasonOf(last.message) },
    ],
    interrupts: () => [...interrupts.values()],
    checkpoints: () => checkpoints,
    heard: () => [...silent, ...told.keys()],
    isStuck: () => last.isStuck,
  };
}

function tellUsage(message: unknown, path: Path): readonly AgentEvent[] {
  const { input_tokens, output_tokens, total_tokens } = fieldsOf(fieldsOf(message)['usage_metadata']);
  const usage = toUsage({ input: input_tokens, output: output_tokens, total: total_tokens });
  return usage ? [{ type: 'usage', usage, ...by(path) }] : [];
}

function structuredOutputOf(update: unknown): unknown {
  const updates = Array.isArray(update) ? update : [update];
  return updates.map((each) => fieldsOf(each)['structuredResponse']).find((each) => each !== undefined);
}

/** Providers name the usual end, and the longest answer, in many ways. */
function stopReasonOf(message: unknown): string {
  const about = fieldsOf(fieldsOf(message)['response_metadata']);
  const given =
    about['finish_reason'] ?? about['finishReason'] ?? about['stop_reason'] ?? about['stopReason'];
  const reason = toStopReason(
    typeof given === 'string' && /^[A-Z_]+$/.test(given) ? given.toLowerCase() : given,
  );
  if (given === undefined || ['stop', 'end_turn', 'tool_calls', 'tool_use'].includes(reason))
    return 'end_turn';
  return reason === 'length' ? 'max_tokens' : reason;
}
