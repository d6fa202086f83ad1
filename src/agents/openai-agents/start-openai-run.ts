import { isRecord } from '../../protocol/internal.ts';
import type { ApprovalAnswer, MessageState, Turn } from '../../protocol/index.ts';
import { createFailure, fieldsOf, isApproved, reasonOf, textOf, toVendorAnswers } from '../kit/index.ts';
import type { HeldAgents } from './hold-agents.ts';
import type { OpenaiAgentLike, OpenaiRunStateLike } from './openai-agent-like.ts';
import { toOpenaiMemory, toRememberedItems } from './openai-memory.ts';
import type { PendingRun } from './openai-memory.ts';
import { toRunContext } from './openai-result.ts';
import type { OpenToolCall } from './open-calls.ts';
import { toApprovalId } from './pending-approvals.ts';
import { toOpenaiItems, toUserItem } from './to-openai-items.ts';

/** How a run begins: with a conversation, or from where it stopped for approvals. */
export interface OpenaiStart {
  readonly agent: OpenaiAgentLike;
  /** Items, or the SDK's `RunState`. */
  readonly input: object;
  /** The calls that the turn goes on with. */
  readonly calls: readonly OpenToolCall[];
  /** The ids of the calls whose approval was denied. */
  readonly denied: ReadonlySet<string>;
}

export interface OpenaiStartOptions {
  readonly turn: Turn;
  readonly held: HeldAgents;
  readonly RunState: OpenaiRunStateLike;
  /** The factory's context, which may hold what is no JSON. It takes the place of the saved one. */
  readonly context: unknown;
  /** Whether a complete turn saves its items for the next one. */
  readonly snapshots: boolean;
}

/**
 * Prepares a run. Throws an AgentError: `approval_lost` if the SDK cannot go on from what was saved,
 * `unsupported_content` for a file that it cannot read.
 */
export async function startOpenaiRun(options: OpenaiStartOptions): Promise<OpenaiStart> {
  const { turn, held, snapshots } = options;
  const { input, snapshot } = turn;
  const memory = toOpenaiMemory(snapshot);
  if (input.type === 'answers') return resumeRun(options, memory?.waiting, input.answers);
  const saved = snapshots ? memory : undefined;
  const history = saved ? [] : turn.history();
  const items = saved ? toRememberedItems(saved) : toOpenaiItems(history);
  return {
    agent: held.find(saved?.agent ?? lastAgentOf(history)),
    input: [...items, toUserItem(input.content)],
    calls: [],
    denied: new Set(),
  };
}

/** Returns the name of the agent that was handed off to last. */
function lastAgentOf(history: readonly MessageState[]): string {
  const parts = history.flatMap((message) => (message.role === 'agent' ? message.parts : []));
  const last = parts.findLast(
    (part) => part.type === 'custom' && part.name === 'handoff' && part.agent === undefined,
  );
  return textOf(fieldsOf(fieldsOf(last)['data'])['target']);
}

async function resumeRun(
  { held, RunState, context }: OpenaiStartOptions,
  waiting: PendingRun | undefined,
  answers: readonly ApprovalAnswer[],
): Promise<OpenaiStart> {
  if (waiting === undefined) throw createFailure('approval_lost');
  const agent = held.find(waiting.start);
  const state = await load(async () =>
    toPendingState(await Reflect.apply(RunState.fromString, RunState, [agent, waiting.state])),
  );
  const { _context: run } = fieldsOf(state);
  const own = toRunContext(context);
  if (context !== undefined && isRecord(run)) Reflect.set(run, 'context', own ? own['context'] : context);
  const denied = new Set<string>();
  await load(() => {
    const asking = state.getInterruptions();
    for (const { vendorId, answer } of toVendorAnswers(waiting.asked, answers)) {
      const item = asking.find((each, index) => toApprovalId(each, index) === vendorId);
      if (item === undefined) throw new Error('The interruption is not in the state of the run.');
      if (isApproved(answer.decision)) state.approve(item);
      else {
        const message = reasonOf(answer.decision);
        state.reject(item, message === undefined ? {} : { message });
        const { agent: owner, rawItem } = fieldsOf(item);
        // An agent that runs as a tool may have a call of the same id.
        if (held.has(owner)) denied.add(textOf(fieldsOf(rawItem)['callId']));
      }
    }
  });
  return { agent, input: state, calls: waiting.calls, denied };
}

/** The state of a run that waits. */
interface PendingState {
  getInterruptions(): readonly object[];
  approve(item: object): void;
  reject(item: object, options: object): void;
}

function toPendingState(state: unknown): PendingState {
  if (isPendingState(state)) return state;
  throw new Error('RunState.fromString() returned no state of a run.');
}

function isPendingState(state: unknown): state is PendingState {
  return (
    isRecord(state) &&
    ['getInterruptions', 'approve', 'reject'].every((name) => typeof state[name] === 'function')
  );
}

/** Another version of the SDK, or other agents, may not read what was saved. */
async function load<Value>(read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    throw createFailure('approval_lost', cause);
  }
}
