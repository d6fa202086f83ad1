import { isRecord } from '../../protocol/internal.ts';
import { fieldsOf } from '../kit/index.ts';

/**
 * The part of `@langchain/langgraph` that is used: a compiled graph, or an agent of `langchain` or
 * `deepagents` around one.
 */
export interface GraphLike {
  stream(input: never, options?: never): Promise<AsyncIterable<unknown>>;
  /** The memory of the graph: the checkpointer that it was compiled with. */
  readonly checkpointer?: unknown;
}

/** The part of a checkpointer that is used. */
export interface CheckpointerLike {
  getTuple(config: object): Promise<unknown>;
}

/** A `MemorySaver`: a checkpointer that keeps everything in two plain objects. */
export interface MemorySaverLike extends CheckpointerLike {
  storage: object;
  writes: object;
}

/** Whether a value has the `stream` of a graph. A class that has it as a static member does not count. */
export function isGraph(value: unknown): value is GraphLike {
  return isRecord(value) && typeof value['stream'] === 'function' && !(Symbol.asyncIterator in value);
}

/**
 * Whether a value is a compiled graph of LangGraph, or an agent of `langchain` or `deepagents` around one. It
 * goes by what the value has, so each copy and version of the packages fits.
 */
export function isLanggraph(value: unknown): boolean {
  return isPregel(value) || (isRunnable(value) && isPregel(value['graph']));
}

function isRunnable(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isRecord(value) &&
    ['invoke', 'stream', 'streamEvents'].every((method) => typeof value[method] === 'function')
  );
}

function isPregel(value: unknown): boolean {
  return isRunnable(value) && isRecord(value['nodes']) && isRecord(value['channels']);
}

/** Starts a graph. Each graph has types of its own for what it takes, and checks it by itself. */
export function streamOf(graph: GraphLike, input: object, options: object): ReturnType<GraphLike['stream']> {
  return Reflect.apply(graph.stream, graph, [input, options]);
}

/** Returns the graph's checkpointer; undefined if it has none. */
export function checkpointerOf(graph: GraphLike): CheckpointerLike | undefined {
  const { checkpointer } = graph;
  return isCheckpointer(checkpointer) ? checkpointer : undefined;
}

function isCheckpointer(value: unknown): value is CheckpointerLike {
  return typeof fieldsOf(value)['getTuple'] === 'function';
}
