import type { Agent, AgentEvent, OpenSession, Turn, Usage } from '../../protocol/index.ts';
import { createGate, createQueue, fieldsOf, textOf, toAgentFacts } from '../kit/index.ts';
import type { AdapterOptions, EventQueue, ToolGate } from '../kit/index.ts';
import { createOpenaiMapper } from './create-openai-mapper.ts';
import type { HeardEvent, OpenaiMapper } from './create-openai-mapper.ts';
import { endOpenaiRun } from './end-openai-run.ts';
import { holdAgents } from './hold-agents.ts';
import { isOpenaiAgent, isOpenaiRun } from './openai-agent-like.ts';
import type { OpenaiAgentLike, OpenaiRun, OpenaiRunnerLike, OpenaiRunStateLike } from './openai-agent-like.ts';
import { isOpenaiResult, restOf, usageOf } from './openai-result.ts';
import type { OpenaiResult } from './openai-result.ts';
import type { AskedCall } from './pending-approvals.ts';
import { startOpenaiRun } from './start-openai-run.ts';
import type { OpenaiStart } from './start-openai-run.ts';
import { isGuardrailError, toOpenaiError } from './to-openai-error.ts';

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
  readonly reason?: (call: AskedCall) => unknown;
}

/**
 * Adapts agents of `@openai/agents`. Each turn is one run, whose memory is the session's log. A run that stops
 * for approvals goes on in the turn that has the answers, also in another process. {@link FailureCode} lists the
 * codes of failures. Throws a TypeError if `factory` is not a function.
 */
export function openaiAgents(factory: OpenaiFactory, options: OpenaiAgentsOptions = {}): Agent {
  if (typeof factory !== 'function')
    throw new TypeError('openaiAgents() takes a function that returns { agent, runner, RunState }.');
  return {
    open: (session) =>
      async function* (turn) {
        const inbox = createQueue<HeardEvent>();
        const made = toRun(await factory(toContext(session, turn, inbox)), options);
        if (!turn.signal.aborted) yield* runTurn(made, options, inbox, turn);
      },
    ...toAgentFacts(options),
  };
}

function toContext(session: OpenSession, turn: Turn, inbox: EventQueue<HeardEvent>): OpenaiContext {
  return {
    ...session,
    ...turn,
    onStream: ({ event, toolCall }) => inbox.push({ type: 'stream', event, toolCall: toolCall ?? {} }),
    progress: (details, data) =>
      inbox.push({ type: 'progress', id: textOf(details?.toolCall?.callId), data }),
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

async function* runTurn(
  { agent, runner, RunState, options = {} }: OpenaiRun,
  { reason = ({ tool, input }) => ({ tool, input }) }: OpenaiAgentsOptions,
  inbox: EventQueue<HeardEvent>,
  turn: Turn,
): AsyncGenerator<AgentEvent, void, undefined> {
  const { context, signal: given } = fieldsOf(options);
  const own = given instanceof AbortSignal ? [given] : [];
  const stop = new AbortController();
  const gate = createGate();
  const held = holdAgents(agent, gate);
  const hasContext = context !== undefined;
  const counted: Usage[] = [];
  try {
    const start = await startOpenaiRun({ turn, held, RunState, context });
    const mapper = createOpenaiMapper({ ...start, isHandoff: held.isHandoff });
    const before = toUsageBefore(start, context);
    // The tools that were approved run as soon as the run starts. Their calls are told first.
    yield* tell(mapper.resume(), mapper, gate);
    const signal = AbortSignal.any([turn.signal, stop.signal, ...own]);
    const args = [start.agent, start.input, { ...options, stream: true, signal }];
    const result: unknown = await Reflect.apply(runner.run, runner, args);
    if (!isOpenaiResult(result)) throw new TypeError('openaiAgents(factory): the runner gave no stream.');
    void read(result, inbox);
    for await (const heard of inbox) {
      const events = mapper.map(heard);
      counted.push(...events.flatMap((event) => (isUsage(event) ? [event.usage] : [])));
      yield* tell(events, mapper, gate);
    }
    if (turn.signal.aborted) return;
    for (const signalled of own) signalled.throwIfAborted();
    const usage = restOf(usageOf(result.runContext), [before, ...counted]);
    if (usage !== undefined) yield { type: 'usage', usage };
    yield* endOpenaiRun({ turn, held, start, mapper, result, hasContext, reason });
  } catch (error) {
    // A cancelled run may end with any error. None of them matters.
    if (turn.signal.aborted) return;
    if (isGuardrailError(error)) yield { type: 'discard', all: true };
    throw toOpenaiError(error);
  } finally {
    stop.abort();
    gate.open();
  }
}

/** Yields events. A tool passes the gate when its call was taken: it can then be read from the log. */
function* tell(
  events: readonly AgentEvent[],
  mapper: OpenaiMapper,
  gate: ToolGate,
): Generator<AgentEvent, void, undefined> {
  for (const event of events) {
    yield event;
    if (typeof event === 'string' || event.type !== 'tool_use' || event.agent !== undefined) continue;
    const id = mapper.idOf(event.call);
    if (id !== undefined) gate.taken(id);
  }
}

/** Reads a run to its end. It is read ahead of the engine: if it fails, the SDK drops what was not read. */
async function read(result: OpenaiResult, inbox: EventQueue<HeardEvent>): Promise<void> {
  // It rejects beside the stream.
  void result.completed?.catch(() => {});
  try {
    for await (const event of result) inbox.push({ type: 'stream', event });
    inbox.end();
  } catch (error) {
    inbox.fail(error);
  }
}

/** Returns what the run context has counted before the run: in the turn that asked, or in other runs. */
function toUsageBefore({ input }: OpenaiStart, context: unknown): Usage {
  const { _context: resumed } = fieldsOf(input);
  return usageOf(resumed ?? context);
}

function isUsage(event: AgentEvent): event is Extract<AgentEvent, { readonly type: 'usage' }> {
  return typeof event !== 'string' && event.type === 'usage';
}
