import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { createFailure } from '../kit/index.ts';
import type { OpenCall } from './create-graph-calls.ts';
import type { GraphMemory } from './create-graph-memory.ts';
import { toGraphSnapshot } from './graph-snapshot.ts';
import type { GraphSnapshot } from './graph-snapshot.ts';
import type { GraphLike, MemorySaverLike } from './graph-like.ts';
import { toUserMessage } from './to-graph-messages.ts';
import type { GraphMessage } from './to-graph-messages.ts';
import { toResumedRun } from './to-resume.ts';

/** The parts that a graph is run with for one turn. */
export interface GraphRun {
  readonly graph: GraphLike;
  /** The checkpointer that the factory was given. */
  readonly saver: MemorySaverLike;
  readonly session: string;
  readonly turn: Turn;
  /** Returns the conversation before this turn. */
  readonly history: () => readonly GraphMessage[];
  readonly toInput: (messages: readonly GraphMessage[]) => object;
  readonly toCommand: (fields: object) => object;
  readonly recursionLimit?: number;
}

/** How a graph is started for a turn. */
export interface GraphStart {
  readonly input: object;
  readonly configurable: object;
  readonly thread: string;
  /** The ids of the messages that the graph knows. */
  readonly known: readonly string[];
  /** The calls that the turn goes on with, and the events that tell them again. */
  readonly calls: readonly OpenCall[];
  readonly events: readonly AgentEvent[];
  /** The checkpoint at which the run waited, if it goes on from an interrupt. */
  readonly resumed?: string;
}

/**
 * Prepares a graph for its turn: from the checkpoint of the turn before, from where it stopped for approvals,
 * or on a new thread with the conversation from the log. Throws an AgentError: `approval_lost` if it cannot
 * go on from where it stopped.
 */
export async function startGraph(run: GraphRun, memory: GraphMemory | undefined): Promise<GraphStart> {
  const { turn, session, history, toInput } = run;
  const { input } = turn;
  const saved = memory && toGraphSnapshot(turn.snapshot);
  if (input.type === 'answers') {
    if (memory === undefined || saved?.waiting === undefined) throw createFailure('approval_lost');
    return resume(run, memory, saved, input.answers);
  }
  const message = toUserMessage(input.content, `${turn.turn}.0`);
  const rest = { calls: [], events: [] };
  // A run that waits has calls without results. The log has closed them.
  const known = saved === undefined || saved.waiting ? undefined : await attempt(memory?.open(saved, false));
  if (saved !== undefined && known !== undefined) {
    const { thread, checkpoint, namespaces } = saved;
    // The graph's own checkpointer may have gone on from there in a conversation that was edited since.
    const configurable = {
      thread_id: thread,
      ...(namespaces === undefined && { checkpoint_id: checkpoint }),
    };
    return { ...rest, input: toInput([message]), configurable, thread, known };
  }
  const thread = `${session}.${turn.turn}.${turn.attempt}`;
  const messages = [...history(), message];
  return {
    ...rest,
    input: toInput(messages),
    configurable: { thread_id: thread },
    thread,
    known: messages.map(({ id }) => id),
  };
}

async function resume(
  { toCommand }: GraphRun,
  memory: GraphMemory,
  saved: GraphSnapshot,
  answers: Parameters<typeof toResumedRun>[1],
): Promise<GraphStart> {
  const { thread, checkpoint, waiting } = saved;
  const known = await attempt(memory.open(saved, true));
  if (known === undefined || waiting === undefined) throw createFailure('approval_lost');
  const { command, calls, events } = toResumedRun(waiting, answers);
  return {
    input: toCommand(command),
    configurable: { thread_id: thread },
    thread,
    known: [...known, ...waiting.heard],
    calls,
    events,
    resumed: checkpoint,
  };
}

/** Returns undefined if a checkpointer fails: a newer version may have written what it cannot read. */
async function attempt<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}
