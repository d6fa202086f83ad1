import { toAgent } from '../../protocol/index.ts';
import { checkNumbers, isPromise, toAgentEvents } from '../../protocol/internal.ts';
import type { Agent, AgentEvent, OpenSession, Turn } from '../../protocol/index.ts';
import { createFailure, toAgentFacts } from '../kit/index.ts';
import type { AdapterOptions } from '../kit/index.ts';
import { createMapper } from './create-mapper.ts';
import { createMemory } from './create-memory.ts';
import { endTurn } from './end-turn.ts';
import { innerAgents } from './inner-agents.ts';
import { silencePrinter } from './silence-printer.ts';
import { startTurn } from './start-turn.ts';
import { isStrandsAgent } from './strands-agent-like.ts';
import type { StrandsAgentLike } from './strands-agent-like.ts';
import type { StrandsMessage } from './strands-message.ts';
import { toStrandsError } from './to-strands-error.ts';
import { toStrandsMessages } from './to-strands-messages.ts';
import type { HeddleState } from './tool-key.ts';
import { observeTools } from './tool-trail.ts';

/**
 * The facts that a factory gets about the turn that it creates an agent for. The adapter itself saves and
 * restores what the agent remembers.
 */
export interface StrandsContext extends OpenSession, Omit<Turn, 'save' | 'snapshot'> {
  /**
   * The conversation before this turn, as the SDK accepts it. An agent gets it anyway; the agents inside a
   * graph or a swarm do not.
   */
  readonly messages: readonly StrandsMessage[];
}

/** Creates the agent for one turn. It must be a new one each time; its model and tools may be shared. */
export type StrandsFactory = (context: StrandsContext) => StrandsAgentLike | Promise<StrandsAgentLike>;

export interface StrandsOptions extends AdapterOptions {
  /**
   * Limits for one turn, as the SDK counts them. Beyond a limit the turn ends with a stop reason such as
   * `limit_turns`.
   * @default none
   */
  readonly limits?: {
    readonly turns?: number;
    readonly outputTokens?: number;
    readonly totalTokens?: number;
  };
  /**
   * Whether each turn saves what the agent remembers, so that the next turn has all of it: signatures of
   * reasoning, citations, media in results. Without it, the conversation is rebuilt from the log. Approvals
   * work either way.
   * @default true
   */
  readonly snapshots?: boolean;
  /** Whether the agent keeps the SDK's printing to stdout. @default false */
  readonly print?: boolean;
}

/**
 * Adapts agents of `@strands-agents/sdk`: an `Agent`, `Graph`, `Swarm`, or anything that streams like them.
 * Each turn runs on an agent of its own, whose memory is the session's log. So nothing leaks between people,
 * and a cancelled, crashed or restarted turn is no special case. {@link FailureCode} lists the codes of
 * failures. If the function returns no such agent but answers the turn itself, it works as in `createServer`.
 * Throws a TypeError if `factory` is not a function, or a limit is out of range.
 */
export function strands(factory: StrandsFactory, options: StrandsOptions = {}): Agent {
  const { limits } = options;
  const takes = { least: 1, whole: true, infinity: 'for no limit' };
  if (limits) checkNumbers(limits, { turns: takes, outputTokens: takes, totalTokens: takes }, 'limits.');
  toAgent(factory);
  if (typeof factory !== 'function')
    throw new TypeError(
      'strands() takes a function that makes an agent; this is an agent of Heddle already.',
    );
  return {
    open: (session) => (turn) => {
      const context = toContext(session, turn);
      const made = factory(context);
      // The function's result decides: a factory returns an agent that streams, and any other function
      // returns its answer.
      return isPromise(made) || isStrandsAgent(made)
        ? run(made, options, context, turn)
        : toAgentEvents(made);
    },
    ...toAgentFacts(options),
  };
}

function toContext(session: OpenSession, turn: Turn): StrandsContext {
  let messages: readonly StrandsMessage[] | undefined;
  return {
    ...session,
    ...turn,
    get messages() {
      return (messages ??= toStrandsMessages(turn.history()));
    },
  };
}

const taken = new WeakSet<object>();

async function* run(
  made: unknown,
  { limits, print = false, snapshots = true }: StrandsOptions,
  context: StrandsContext,
  turn: Turn,
): AsyncGenerator<AgentEvent, void, undefined> {
  const { signal, attempt, messages } = context;
  const agent = await made;
  if (!isStrandsAgent(agent)) {
    yield* toAgentEvents(agent);
    return;
  }
  if (taken.has(agent)) {
    throw new TypeError(
      'strands(factory): the factory returned an agent of an earlier turn. It must make a new one each time.',
    );
  }
  taken.add(agent);
  for (const each of innerAgents(agent)) {
    observeTools(each);
    if (!print) silencePrinter(each);
  }
  if (signal.aborted) return;

  const memory = createMemory(agent);
  const start = startTurn({ agent, memory, messages, turn, snapshots });
  const mapper = createMapper({ isCancelled: () => signal.aborted, ...start });
  const stop = new AbortController();
  const heddle: HeddleState = { session: context.session, turn: turn.turn, attempt };
  const stream = agent.stream(start.input, {
    cancelSignal: AbortSignal.any([signal, stop.signal]),
    invocationState: { heddle },
    ...(limits && { limits }),
  });
  if (typeof stream?.next !== 'function')
    throw new TypeError(
      'strands(factory): what the factory made has a stream() that gives no async generator.',
    );
  let isOver = false;
  try {
    for (;;) {
      const next = await stream.next();
      if (next.done === true) {
        isOver = true;
        yield* endTurn({ memory, mapper, turn, snapshots, start, result: next.value });
        return;
      }
      yield* mapper.map(next.value);
      if (mapper.isStuck() && !signal.aborted) throw createFailure('approval_unsupported');
    }
  } catch (error) {
    // A cancelled loop ends with one of many errors. None of them matters.
    if (signal.aborted) return;
    throw toStrandsError(error);
  } finally {
    // The turn was left in the middle. `return` is not awaited: the SDK would wait for tools that may never
    // end, and the agent is not used again.
    if (!isOver) {
      stop.abort();
      void stream.return(undefined).catch(() => {});
    }
  }
}
