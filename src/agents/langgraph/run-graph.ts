import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { createCallNames, createFailure, createQueue, fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { EventQueue, NamePair } from '../kit/index.ts';
import { createGraphCalls } from './create-graph-calls.ts';
import type { GraphCalls } from './create-graph-calls.ts';
import { createGraphMapper } from './create-graph-mapper.ts';
import type { GraphMapper } from './create-graph-mapper.ts';
import { createGraphMemory } from './create-graph-memory.ts';
import type { GraphMemory } from './create-graph-memory.ts';
import { createToolWatch } from './create-tool-watch.ts';
import type { GraphLike } from './graph-like.ts';
import { startGraph } from './start-graph.ts';
import type { GraphRun, GraphStart } from './start-graph.ts';
import { toAskedApprovals } from './to-asked.ts';
import { toGraphError } from './to-graph-error.ts';

const modes = ['messages', 'updates', 'custom', 'tools', 'checkpoints'];

/** Runs a graph for one turn, and saves what it remembers. */
export async function* runGraph(run: GraphRun): AsyncGenerator<AgentEvent, void, undefined> {
  const { graph, saver, turn, recursionLimit } = run;
  const { signal } = turn;
  const memory = createGraphMemory(graph, saver);
  const start = await startGraph(run, memory);
  const parts = createQueue<unknown>();
  const watch = createToolWatch(parts.push);
  const names = start.calls.map(({ id, call }): NamePair => [id, call]);
  const calls = createGraphCalls(createCallNames(names), start.calls);
  const mapper = createGraphMapper({ watch, calls, known: start.known, isResumed: start.isResumed });
  const stop = new AbortController();
  yield* start.events;
  try {
    pump(graph, start.input, parts, {
      streamMode: modes,
      subgraphs: true,
      signal: AbortSignal.any([signal, stop.signal]),
      callbacks: [watch.handler],
      configurable: start.configurable,
      ...(recursionLimit !== undefined && { recursionLimit }),
    });
    for await (const part of parts) {
      yield* mapper.map(part);
      const [, mode, payload] = listOf(part);
      const { event, toolCallId } = fieldsOf(payload);
      if (mode === 'tools' && event === 'on_tool_start') watch.pass(textOf(toolCallId));
      if (mapper.isStuck() && !signal.aborted) throw createFailure('approval_unsupported');
    }
    if (!signal.aborted) yield* end({ start, memory, mapper, calls, turn });
  } catch (error) {
    // A cancelled run ends with one of many errors. None of them matters.
    if (!signal.aborted) throw toGraphError(error);
  } finally {
    stop.abort();
    watch.end();
  }
}

/**
 * Reads a graph's stream to its end. It is never left in the middle: the reader of LangGraph would then leave
 * rejections that nothing catches.
 */
function pump(graph: GraphLike, input: object, parts: EventQueue<unknown>, options: object): void {
  const read = async (): Promise<void> => {
    for await (const part of await graph.stream(input, options)) parts.push(part);
  };
  void read().then(parts.end, parts.fail);
}

interface GraphEnd {
  readonly start: GraphStart;
  readonly memory: GraphMemory | undefined;
  readonly mapper: GraphMapper;
  readonly calls: GraphCalls;
  readonly turn: Turn;
}

/** The most that a turn may save, in UTF-16 units of JSON. */
const maxJson = 8 * 1024 * 1024;

/** Yields the last events and the approval requests, and saves what the next turn needs. */
async function* end({ start, memory, mapper, calls, turn }: GraphEnd): AsyncGenerator<AgentEvent> {
  const interrupts = mapper.interrupts();
  const isWaiting = interrupts.length > 0;
  yield* mapper.end();
  const newest = mapper.checkpoints();
  const checkpoint = newest.get('');
  if (memory === undefined || checkpoint === undefined) {
    if (isWaiting) throw createFailure('approval_unsupported');
    return;
  }
  const { thread } = start;
  const namespaces = memory.content(thread, newest, isWaiting);
  const saved = { version: 1, thread, checkpoint, ...(namespaces && { namespaces }) } as const;
  if (!isWaiting) {
    if (JSON.stringify(saved).length <= maxJson) turn.save(saved);
    return;
  }
  const tasks = await memory.tasks(thread, newest, new Set(interrupts.map(({ namespace }) => namespace)));
  const { asked, requests } = toAskedApprovals(interrupts, tasks, calls.open());
  const waiting = { asked, calls: calls.open(), heard: mapper.heard() };
  if (JSON.stringify({ saved, waiting }).length > maxJson) throw createFailure('approval_unsupported');
  turn.save({ ...saved, waiting });
  yield* requests;
}
