import type { Agent, OpenSession, Turn } from '../../protocol/index.ts';
import { createQueue, fieldsOf, toAgentFacts } from '../kit/index.ts';
import type { AdapterOptions, EventQueue } from '../kit/index.ts';
import type { HeardEvent } from './create-openai-mapper.ts';
import { isOpenaiAgent, isOpenaiRun } from './openai-agent-like.ts';
import type {
  OpenaiAgentLike,
  OpenaiRun,
  OpenaiRunnerLike,
  OpenaiRunStateLike,
} from './openai-agent-like.ts';
import type { OpenaiAskedCall } from './pending-approvals.ts';
import { runOpenaiTurn } from './run-openai-turn.ts';

/** The facts and functions that a factory gets for the turn that it makes an agent for. */
export interface OpenaiContext extends OpenSession, Omit<Turn, 'save' | 'snapshot'> {
  /** For the option `onStream` of `agent.asTool()`: the agent then speaks under the name of its tool. */
  readonly onStream: (event: {
    readonly event: unknown;
    readonly toolCall?: { readonly callId: string; readonly name: string } | undefined;
  }) => void;
  /** Tells the progress of a tool. `details` is the third argument of the tool's `execute()`. */
  readonly progress: (
    details: { readonly toolCall?: { readonly callId: string } | undefined } | undefined,
    data: unknown,
  ) => void;
}

/**
 * Makes the agent for one turn. It may return the same agent each time: the adapter does not change it. The
 * agent alone is enough if the options have a runner and the RunState.
 */
export type OpenaiFactory = (
  context: OpenaiContext,
) => OpenaiRun | OpenaiAgentLike | Promise<OpenaiRun | OpenaiAgentLike>;

export interface OpenaiAgentsOptions extends AdapterOptions {
  /** The runner of all turns, if the factory returns an agent alone. */
  readonly runner?: OpenaiRunnerLike;
  /** The class RunState of the SDK, if the factory returns an agent alone. */
  readonly RunState?: OpenaiRunStateLike;
  /**
   * Returns what a user is told who is asked to approve a call, as JSON.
   * @default the tool and its input
   */
  readonly reason?: (call: OpenaiAskedCall) => unknown;
  /**
   * Whether each turn saves the SDK's items, so that the next turn has all of them. Without it, the
   * conversation is built from the log. Approvals work either way.
   * @default true
   */
  readonly snapshots?: boolean;
}

/**
 * Adapts agents of `@openai/agents`. Each turn is one run, whose memory is the session's log. A run that
 * stops for approvals goes on in the turn that has the answers, also in another process. {@link FailureCode}
 * lists the codes of failures. Throws a TypeError if `factory` is not a function.
 */
export function openaiAgents(factory: OpenaiFactory, options: OpenaiAgentsOptions = {}): Agent {
  if (typeof factory !== 'function')
    throw new TypeError('openaiAgents() takes a function that returns { agent, runner, RunState }.');
  const { reason = ({ tool, input }: OpenaiAskedCall) => ({ tool, input }), snapshots = true } = options;
  return {
    open: (session) =>
      async function* (turn) {
        const inbox = createQueue<HeardEvent>();
        const made = toRun(await factory(toContext(session, turn, inbox)), options);
        if (!turn.signal.aborted) yield* runOpenaiTurn({ made, reason, snapshots, inbox, turn });
      },
    ...toAgentFacts(options),
  };
}

function toContext(session: OpenSession, turn: Turn, inbox: EventQueue<HeardEvent>): OpenaiContext {
  return {
    ...session,
    ...turn,
    onStream: ({ event, toolCall }) => inbox.push({ type: 'stream', event, toolCall: toolCall ?? {} }),
    progress: (details, data) => inbox.push({ type: 'progress', toolCall: details?.toolCall, data }),
  };
}

/** Options of a run that would give it another memory than the log. */
const memories = ['session', 'conversationId', 'previousResponseId'];

function toRun(made: unknown, { runner, RunState }: OpenaiAgentsOptions): OpenaiRun {
  const run = isOpenaiAgent(made) ? { agent: made, runner, RunState } : made;
  if (!isOpenaiRun(run))
    throw new TypeError('openaiAgents(factory): the factory must return { agent, runner, RunState }.');
  const memory = memories.find((name) => fieldsOf(run.options)[name] !== undefined);
  if (memory !== undefined)
    throw new TypeError(`openaiAgents(factory): the memory is the log, so options.${memory} cannot be used.`);
  return run;
}
