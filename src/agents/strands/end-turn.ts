import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { isInterrupted, toAsked } from './approvals.ts';
import type { Mapper } from './create-mapper.ts';
import type { Memory } from './create-memory.ts';
import { createFailure, fieldsOf, listOf } from '../kit/index.ts';
import type { StrandsStart } from './start-turn.ts';

export interface EndOptions {
  readonly memory: Memory | undefined;
  readonly mapper: Mapper;
  readonly turn: Turn;
  readonly snapshots: boolean;
  readonly start: StrandsStart;
  /** What the SDK's stream returned. */
  readonly result: unknown;
}

/**
 * Yields the last events of a turn and its approval requests, and saves what the agent remembers. Throws the
 * failure it ended with.
 */
export function* endTurn(options: EndOptions): Generator<AgentEvent, void, undefined> {
  const { memory, mapper, turn, snapshots, start, result } = options;
  const { aborted } = turn.signal;
  // A cancelled turn does not ask any more.
  if (isInterrupted(result) && !aborted) yield* ask(options);
  yield* mapper.end(result);
  const failure = failureOf(result);
  if (failure !== undefined && !aborted) throw failure;
  const { stopReason } = fieldsOf(result);
  // After a cancel the log has more than the agent, which forgets what it said.
  if (aborted || stopReason === 'cancelled' || isInterrupted(result) || !snapshots) return;
  const saved = memory?.keep(start.prompt);
  if (saved !== undefined) turn.save(saved);
}

/** Throws a failure if the approvals could not be answered later. */
function* ask({ memory, mapper, turn, result }: EndOptions): Generator<AgentEvent, void, undefined> {
  const asked = toAsked(result, mapper.calls());
  const saved = asked && memory?.wait(asked);
  if (asked === undefined || saved === undefined)
    throw failureOf(result) ?? createFailure('approval_unsupported');
  turn.save(saved);
  yield* asked.requests;
}

/** Returns the failure of a result. A graph or swarm returns the failure of a node instead of throwing it. */
function failureOf(result: unknown): unknown {
  const { status, error, results } = fieldsOf(result);
  if (status !== 'FAILED') return undefined;
  const errors = listOf(results).map((each) => fieldsOf(each)['error']);
  return error ?? errors.find((each) => each !== undefined) ?? createFailure('model_failed');
}
