import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, listOf, textOf, toStopReason, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { by } from './create-graph-calls.ts';
import type { GraphCalls } from './create-graph-calls.ts';
import type { ToolWatch } from './create-tool-watch.ts';
import { callsOf, messagesOf, piecesOf, speakerOf, toInput } from './read-message.ts';
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
  readonly run?: string | undefined;
}

export function createGraphMapper({ watch, calls, known, isResumed }: GraphMapperOptions): GraphMapper {
  /** The messages that are being told, by their ids. */
  const open = new Map<string, Told>();
  /** The ids of messages that were told to their end. */
  const finished = new Set(known);
  /** The texts of finished messages without an id, by speaker. The graph around it tells them again, with one. */
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
  const dropFailed = (task: string): readonly AgentEvent[] =>
    [...open]
      .filter(([, told]) => told.task === task && told.run !== undefined && watch.hasFailed(told.run))
      .flatMap(([id, { said }]) => {
        open.delete(id);
        finished.add(id);
        return [...said.discard(), ...calls.drop(id)];
      });

  const hearModel = (path: Path, message: unknown, place: Fields): readonly AgentEvent[] => {
    const { id: given, tool_call_chunks: chunks } = fieldsOf(message);
    const id = textOf(given);
    if (finished.has(id)) return [];
    const { langgraph_checkpoint_ns: namespace, langgraph_step: step } = place;
    const task = textOf(namespace);
    const earlier = open.get(id);
    const told = earlier ?? { said: begin(path), task, run: watch.runOf(message) };
    open.set(id, told);
    return [
      ...(earlier ? [] : [...dropFailed(task), ...ensureStep(path, `${String(step)}`)]),
      ...piecesOf(message).flatMap(told.said.say),
      ...listOf(chunks).flatMap((chunk) => calls.write(path, id, fieldsOf(chunk))),
      ...tellUsage(message, path),
    ];
  };

  /** Tells the finished message of a model: what was not said yet, and its calls. */
  const finish = (path: Path, message: unknown): readonly AgentEvent[] => {
    const id = textOf(fieldsOf(message)['id']);
    if (finished.has(id) || isAgain(path, message, id)) return [];
    if (id !== '') finished.add(id);
    const pieces = piecesOf(message);
    const told = open.get(id);
    open.delete(id);
    const said = told?.said ?? begin(path);
    if (path.length === 0) last.message = message;
    return [
      ...ensureStep(path),
      ...(told
        ? said.settle(pieces.map(({ kind, data }) => (kind === 'content' ? data : '')).join(''))
        : [...pieces.flatMap(said.say), ...said.end(), ...tellUsage(message, path)]),
      ...callsOf(message).flatMap((call) => calls.use(path, id, call)),
    ];
  };

  /** Whether an inner agent told this message before the graph gave it an id. */
  const isAgain = (path: Path, message: unknown, id: string): boolean => {
    const toKey = (speaker: Path): string => JSON.stringify([speaker, piecesOf(message), callsOf(message)]);
    if (id === '') {
      for (let depth = 0; depth < path.length; depth += 1) nameless.add(toKey(path.slice(0, depth)));
      return false;
    }
    const isTold = nameless.delete(toKey(path));
    if (isTold) finished.add(id);
    return isTold;
  };

  const hearUpdate = (path: Path, node: string, update: unknown): readonly AgentEvent[] => {
    const messages = messagesOf(update);
    const output = structuredOutputOf(update);
    return [
      ...messages.flatMap((message) =>
        speakerOf(message) === 'model' ? finish(path, message) : calls.result(message),
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
        const told = calls.start(path, start, toInput(payload['input']));
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
          if (speaker === 'tool') return calls.result(message);
          return speaker === 'model' ? hearModel(path, message, fieldsOf(place)) : [];
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
      ...[...open.values()].flatMap(({ said }) => said.end()),
      { type: 'stop', reason: stopReasonOf(last.message) },
    ],
    interrupts: () => [...interrupts.values()],
    checkpoints: () => checkpoints,
    heard: () => [...finished, ...open.keys()],
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
