import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, listOf, textOf, jsonTextOf, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { GraphCalls } from './create-graph-calls.ts';
import type { ToolWatch } from './create-tool-watch.ts';
import { callsOf, piecesOf } from './read-message.ts';
import { createSaidMessage } from './said-message.ts';
import type { SaidMessage } from './said-message.ts';
import { byPath } from './speaker-path.ts';
import type { SpeakerPath } from './speaker-path.ts';

/** The messages of a graph in one turn. A graph gives each one in several ways, and it is told once. */
export interface GraphMessages {
  /**
   * Hears a chunk of a model's message, or a message of which nothing was streamed. `place` says where it is
   * from.
   */
  chunk(path: SpeakerPath, message: unknown, place: Fields): readonly AgentEvent[];
  /** Hears the finished message of a model: tells what was not said yet, and its calls. */
  finished(path: SpeakerPath, message: unknown): readonly AgentEvent[];
  /** Hears the message of a tool's result. */
  result(path: SpeakerPath, message: unknown): readonly AgentEvent[];
  /** Begins a step of a speaker if none is open. */
  step(path: SpeakerPath): readonly AgentEvent[];
  /** Ends the text that is open. */
  end(): readonly AgentEvent[];
  /** The ids of the messages that this turn told. */
  heard(): readonly string[];
}

/** The pieces of a message that were told, and where they came from. */
interface Told {
  readonly said: SaidMessage;
  readonly task: string;
  readonly isStreamed: boolean;
  readonly isFinished: boolean;
}

/**
 * Starts the messages of a turn. `known` are the ids of those that the graph had before. They are not told.
 */
export function createGraphMessages(
  watch: ToolWatch,
  calls: GraphCalls,
  known: Iterable<string>,
): GraphMessages {
  const before = new Set(known);
  /** The pieces that were told in this turn, by the ids of messages. */
  const told = new Map<string, Told>();
  /** The ids of results, and of messages that were given up. */
  const silent = new Set<string>();
  /** The texts of messages without an id, by speaker. They may come again with one. */
  const nameless = new Set<string>();
  /** The open step of each speaker. */
  const steps = new Map<string, string>();
  let count = 0;

  const isSilent = (id: string): boolean => before.has(id) || silent.has(id);

  const begin = (path: SpeakerPath): SaidMessage => {
    count += 1;
    return createSaidMessage(`m${count}`, byPath(path));
  };

  /** Begins a step of a speaker if none is open, or the graph is in another one now. */
  const ensureStep = (path: SpeakerPath, step?: string): readonly AgentEvent[] => {
    const key = JSON.stringify(path);
    const current = steps.get(key);
    if (current !== undefined && (step === undefined || step === current)) return [];
    steps.set(key, step ?? '');
    return [...calls.flush(), { type: 'step_start', ...byPath(path) }];
  };

  /** Takes back what a task's model had said before it failed. The task asks again. */
  const dropFailed = (task: string): readonly AgentEvent[] => {
    const broken = [...told].filter(
      ([id, each]) => each.task === task && !each.isFinished && !watch.hasEnded(id),
    );
    // A task may call several models at once. If only some of them failed, nothing tells which.
    if (broken.length === 0 || !watch.takeFailures(task, broken.length)) return [];
    return broken.flatMap(([id, { said }]) => {
      told.delete(id);
      silent.add(id);
      return [...said.discard(), ...calls.drop(id)];
    });
  };

  /** Whether a message was told before the graph, or the one around it, gave it an id. */
  const isAgain = (path: SpeakerPath, message: unknown, id: string): boolean => {
    const toKey = (speaker: SpeakerPath): string | undefined =>
      jsonTextOf([speaker, piecesOf(message), callsOf(message)]);
    if (id === '') {
      for (let depth = 0; depth <= path.length; depth += 1) {
        const key = toKey(path.slice(0, depth));
        if (key !== undefined) nameless.add(key);
      }
      return false;
    }
    const isTold = nameless.delete(toKey(path) ?? '');
    if (isTold) silent.add(id);
    return isTold;
  };

  return {
    chunk(path, message, { langgraph_checkpoint_ns: namespace, langgraph_step: step }) {
      const { id: given, tool_call_chunks: chunks } = fieldsOf(message);
      const id = textOf(given);
      const earlier = told.get(id);
      // The last chunk may come late, and its usage with it.
      if (earlier?.isFinished === true) return earlier.isStreamed ? tellUsage(message, path) : [];
      // A message that is no chunk is whole.
      const isWhole = chunks === undefined && earlier === undefined;
      if (isSilent(id) || (isWhole && isAgain(path, message, id))) return [];
      const task = textOf(namespace);
      const begun = earlier ? [] : [...dropFailed(task), ...ensureStep(path, String(step))];
      const { said } = earlier ?? { said: begin(path) };
      told.set(id, { said, task, isStreamed: true, isFinished: false });
      return [
        ...begun,
        ...piecesOf(message).flatMap(said.say),
        // The engine ends the text before a call.
        ...(listOf(chunks).length > 0 ? said.end() : []),
        ...listOf(chunks).flatMap((chunk) => calls.write(path, id, fieldsOf(chunk))),
        ...tellUsage(message, path),
      ];
    },
    finished(path, message) {
      const id = textOf(fieldsOf(message)['id']);
      const earlier = id === '' ? undefined : told.get(id);
      if (isSilent(id) || (earlier === undefined && isAgain(path, message, id))) return [];
      const pieces = piecesOf(message);
      const text = pieces.map(({ kind, data }) => (kind === 'content' ? data : '')).join('');
      // A middleware may change a message that is finished.
      if (earlier?.isFinished === true) return earlier.said.settle(text);
      const said = earlier?.said ?? begin(path);
      if (id !== '') told.set(id, { task: '', said, isStreamed: earlier !== undefined, isFinished: true });
      return [
        ...ensureStep(path),
        ...(earlier
          ? said.settle(text)
          : [...pieces.flatMap(said.say), ...said.end(), ...tellUsage(message, path)]),
        ...callsOf(message).flatMap((call) => calls.use(path, id, call)),
      ];
    },
    result(path, message) {
      const id = textOf(fieldsOf(message)['id']);
      if (isSilent(id)) return [];
      if (id !== '') silent.add(id);
      return calls.result(path, message);
    },
    step: (path) => ensureStep(path),
    end: () => [...told.values()].flatMap(({ said }) => said.end()),
    heard: () => [...silent, ...told.keys()],
  };
}

function tellUsage(message: unknown, path: SpeakerPath): readonly AgentEvent[] {
  const { input_tokens, output_tokens, total_tokens } = fieldsOf(fieldsOf(message)['usage_metadata']);
  const usage = toUsage({ input: input_tokens, output: output_tokens, total: total_tokens });
  return usage ? [{ type: 'usage', usage, ...byPath(path) }] : [];
}
