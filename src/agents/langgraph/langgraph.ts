import { toAgent } from '../../protocol/index.ts';
import { checkNumbers, toAgentEvents } from '../../protocol/internal.ts';
import type { Agent, AgentEvent, OpenSession, Turn } from '../../protocol/index.ts';
import { toAgentFacts } from '../kit/index.ts';
import type { AdapterOptions } from '../kit/index.ts';
import { isGraph } from './graph-like.ts';
import type { GraphLike, MemorySaverLike } from './graph-like.ts';
import { runGraph } from './run-graph.ts';
import { toGraphMessages } from './to-graph-messages.ts';
import type { GraphMessage } from './to-graph-messages.ts';

/**
 * The facts that a factory gets about the turn that it makes a graph for. The adapter itself saves and
 * restores what the graph remembers.
 */
export interface LanggraphContext<Saver = MemorySaverLike>
  extends OpenSession, Omit<Turn, 'save' | 'snapshot'> {
  /**
   * The memory for the graph: compile it with this one, and it remembers and can wait for approvals, with no
   * database. It is kept with the session.
   */
  readonly checkpointer: Saver;
  /** The conversation before this turn, as messages that LangChain accepts. A graph is given it anyway. */
  readonly messages: readonly GraphMessage[];
}

/** Makes the graph or agent for one turn. */
export type LanggraphFactory<Saver = MemorySaverLike> = (
  context: LanggraphContext<Saver>,
) => GraphLike | Promise<GraphLike>;

export interface LanggraphOptions<Saver = MemorySaverLike> extends AdapterOptions {
  /** `Command` of `@langchain/langgraph`: your copy of the package is used. */
  readonly Command: new (fields: object) => object;
  /** `MemorySaver` of `@langchain/langgraph`. */
  readonly MemorySaver: new () => Saver;
  /**
   * Returns the input of a graph whose state has more than `messages`, or has them in another place. It gets
   * the messages that the graph does not know yet: the new one, and those before it if they are built from
   * the log.
   * @default returns `{ messages }`
   */
  readonly toInput?: (messages: readonly GraphMessage[], context: LanggraphContext<Saver>) => object;
  /**
   * How many steps a graph may take in one turn. Beyond it the turn fails with `limit_turns`.
   * @default that of the graph
   */
  readonly recursionLimit?: number;
}

/**
 * Adapts graphs of `@langchain/langgraph`, and agents of `langchain` and `deepagents`. The memory of a graph
 * is kept with the session, or in the checkpointer that it was compiled with. The log decides: a conversation
 * that went another way begins a new thread. If the function returns no graph but answers the turn itself, it
 * works as in `createServer`. Throws a TypeError if `factory` is not a function, or a class or limit is not
 * one.
 */
export function langgraph<Saver extends MemorySaverLike>(
  factory: LanggraphFactory<Saver>,
  options: LanggraphOptions<Saver>,
): Agent {
  if (typeof factory !== 'function')
    throw new TypeError('langgraph() takes a function that makes a graph; pass () => graph.');
  toAgent(factory);
  for (const name of ['Command', 'MemorySaver'] as const) {
    if (typeof options?.[name] !== 'function')
      throw new TypeError(
        `langgraph(factory, { Command, MemorySaver }) takes both classes of @langchain/langgraph; ${name} is missing.`,
      );
  }
  checkNumbers(options, { recursionLimit: { least: 1, whole: true } });
  return {
    open: (session) => (turn) => answer(factory, options, session, turn),
    ...toAgentFacts(options),
  };
}

async function* answer<Saver extends MemorySaverLike>(
  factory: LanggraphFactory<Saver>,
  options: LanggraphOptions<Saver>,
  session: OpenSession,
  turn: Turn,
): AsyncGenerator<AgentEvent, void, undefined> {
  const checkpointer = new options.MemorySaver();
  const context = toContext(session, turn, checkpointer);
  const graph: unknown = await factory(context);
  if (!isGraph(graph)) {
    yield* toAgentEvents(graph);
    return;
  }
  if (turn.signal.aborted) return;
  const { toInput = (messages) => ({ messages }), recursionLimit } = options;
  yield* runGraph({
    graph,
    saver: checkpointer,
    session: session.session,
    turn,
    history: () => context.messages,
    toInput: (messages) => toInput(messages, context),
    toCommand: (fields) => new options.Command(fields),
    ...(recursionLimit !== undefined && { recursionLimit }),
  });
}

function toContext<Saver>(session: OpenSession, turn: Turn, checkpointer: Saver): LanggraphContext<Saver> {
  const { save: _, snapshot: __, ...facts } = turn;
  let messages: readonly GraphMessage[] | undefined;
  return {
    ...session,
    ...facts,
    checkpointer,
    get messages() {
      return (messages ??= toGraphMessages(turn.history(), turn.turn));
    },
  };
}
