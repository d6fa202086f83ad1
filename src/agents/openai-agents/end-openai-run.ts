import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { createFailure, fieldsOf } from '../kit/index.ts';
import type { OpenaiMapper } from './create-openai-mapper.ts';
import type { HeldAgents } from './hold-agents.ts';
import { toPlainMemory } from './openai-memory.ts';
import type { OpenaiMemory } from './openai-memory.ts';
import type { OpenaiResult } from './openai-result.ts';
import { toOpenaiApprovals } from './pending-approvals.ts';
import type { OpenaiAskedCall } from './pending-approvals.ts';
import type { OpenaiStart } from './start-openai-run.ts';

export interface OpenaiEndOptions {
  readonly turn: Turn;
  readonly held: HeldAgents;
  readonly start: OpenaiStart;
  readonly mapper: OpenaiMapper;
  readonly result: OpenaiResult;
  readonly hasContext: boolean;
  readonly reason: (call: OpenaiAskedCall) => unknown;
  readonly snapshots: boolean;
}

/** Yields the last events of a run, and saves what the next turn needs. Throws the failure it ended with. */
export function* endOpenaiRun(options: OpenaiEndOptions): Generator<AgentEvent, void, undefined> {
  const { turn, mapper, result } = options;
  const { interruptions, history, lastAgent } = result;
  const memory: OpenaiMemory = { version: 1, agent: lastAgent?.name ?? '', items: history };
  if (interruptions.length > 0) {
    yield* ask(options, memory);
    return;
  }
  // The SDK takes any error of aborting for a cancel, and ends the run without a word.
  if (!mapper.outer.hasEnded() || result.finalOutput === undefined)
    throw createFailure('model_failed', new Error('The run ended without an answer.'));
  const { finalOutput } = result;
  if (typeof finalOutput === 'string') yield* mapper.outer.say(finalOutput);
  else yield { type: 'custom', name: 'structured_output', data: finalOutput };
  yield { type: 'stop', reason: 'end_turn' };
  const saved = options.snapshots ? toPlainMemory(memory) : undefined;
  if (saved !== undefined) turn.save(saved);
}

/** Asks for the approvals. Throws a failure if they could not be answered later. */
function* ask(
  { turn, held, start, mapper, result, hasContext, reason }: OpenaiEndOptions,
  memory: OpenaiMemory,
): Generator<AgentEvent, void, undefined> {
  const calls = mapper.outer.calls.ready();
  const { requests, asked } = toOpenaiApprovals(result.interruptions, calls, held, reason);
  const state = toStateText(result, hasContext);
  const saved = toPlainMemory({
    ...memory,
    waiting: { state, start: start.agent.name, asked, calls },
  });
  if (saved === undefined) throw createFailure('approval_unsupported');
  turn.save(saved);
  yield* requests;
}

/**
 * Returns the state of a run as text. A context of the factory is left out: it may hold secrets and what is
 * no JSON, and the next factory makes it anew. A context that the tools filled is kept.
 */
function toStateText({ state }: OpenaiResult, hasContext: boolean): string {
  try {
    const json = state.toJSON();
    const { context } = fieldsOf(json);
    return JSON.stringify(hasContext ? { ...json, context: { ...fieldsOf(context), context: {} } } : json);
  } catch (cause) {
    throw createFailure('approval_unsupported', cause);
  }
}
