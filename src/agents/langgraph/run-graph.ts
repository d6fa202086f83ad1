import { maxSnapshot } from '../../protocol/internal.ts';
import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { createFailure, createQueue, createUnusedNames, fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { EventQueue } from '../kit/index.ts';
import { createGraphCalls } from './create-graph-calls.ts';
import type { GraphCalls } from './create-graph-calls.ts';
import { createGraphMapper } from './create-graph-mapper.ts';
import type { GraphMapper } from './create-graph-mapper.ts';
import { createGraphMessages } from './create-graph-messages.ts';
import type { GraphMessages } from './create-graph-messages.ts';
import { createGraphStop } from './create-graph-stop.ts';
import { createGraphMemory } from './create-graph-memory.ts';
import type { GraphMemory } from './create-graph-memory.ts';
import { createToolWatch } from './create-tool-watch.ts';
import { streamOf } from './graph-like.ts';
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
  // The calls that go on have their names. A provider may give their ids again to other calls.
  const nameFor = createUnusedNames(start.calls.map(({ call }) => call));
  const calls = createGraphCalls(nameFor, start.calls);
  const messages = createGraphMessages(watch, calls, start.known);
  const mapper = createGraphMapper({ watch, calls, messages, isResumed: start.resumed !== undefined });
  const stop = createGraphStop();
  yield* start.events;
  if (signal.aborted) return;
  const onAbort = (): void => {
    stop.stop();
    // A tool that does not end would hold the stream, and the turn with it.
    parts.end();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const options = {
      ...stop.options,
      streamMode: modes,
      subgraphs: true,
      callbacks: [watch.handler],
      configurable: start.configurable,
      ...(recursionLimit !== undefined && { recursionLimit }),
    };
    void pump(streamOf(graph, start.input, options), parts).finally(stop.over);
    for await (const part of parts) {
      stop.hear(part);
      yield* mapper.map(part);
      const [, mode, payload] = listOf(part);
      const { event, toolCallId } = fieldsOf(payload);
      if (mode === 'tools' && event === 'on_tool_start' && !signal.aborted) watch.pass(textOf(toolCallId));
      if (mapper.isStuck() && !signal.aborted) throw createFailure('approval_unsupported');
    }
    if (!signal.aborted) yield* end({ start, memory, mapper, calls, messages, turn });
  } catch (error) {
    // A cancelled run ends with one of many errors. None of them matters.
    if (!signal.aborted) throw toGraphError(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop.stop();
    watch.end();
  }
}

/**
 * Reads a graph's stream to its end, and never leaves it in the middle: the reader of LangGraph would then
 * leave rejections that nothing catches.
 */
async function pump(stream: Promise<AsyncIterable<unknown>>, parts: EventQueue<unknown>): Promise<void> {
  try {
    for await (const part of await stream) parts.push(part);
    parts.end();
  } catch (error) {
    parts.fail(error);
  }
}

interface GraphEnd {
  readonly start: GraphStart;
  readonly memory: GraphMemory | undefined;
  readonly mapper: GraphMapper;
  readonly calls: GraphCalls;
  readonly messages: GraphMessages;
  readonly turn: Turn;
}

/** Yields the last events and the approval requests, and saves what the next turn needs. */
async function* end({ start, memory, mapper, calls, messages, turn }: GraphEnd): AsyncGenerator<AgentEvent> {
  const interrupts = mapper.interrupts();
  const isWaiting = interrupts.length > 0;
  const newest = mapper.checkpoints();
  const checkpoint = newest.get('');
  // Nothing ran: the graph has changed, and no longer has what asked.
  if (!isWaiting && checkpoint !== undefined && checkpoint === start.resumed)
    throw createFailure('approval_lost');
  yield* mapper.end();
  if (memory === undefined || checkpoint === undefined) {
    if (isWaiting) throw createFailure('approval_unsupported');
    return;
  }
  const { thread } = start;
  const namespaces = memory.content(thread, newest, isWaiting);
  const saved = { version: 1, thread, checkpoint, ...(namespaces && { namespaces }) } as const;
  if (!isWaiting) {
    if (JSON.stringify(saved).length <= maxSnapshot) turn.save(saved);
    return;
  }
  const tasks = await memory.tasks(thread, newest, new Set(interrupts.map(({ namespace }) => namespace)));
  const { asked, requests } = toAskedApprovals(interrupts, tasks, calls.open());
  const waiting = { asked, calls: calls.open(), heard: messages.heard() };
  if (JSON.stringify({ saved, waiting }).length > maxSnapshot) throw createFailure('approval_unsupported');
  turn.save({ ...saved, waiting });
  yield* requests;
}
