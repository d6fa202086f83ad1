import { toAgentEvents } from '../../protocol/internal.ts';
import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { createFailure } from '../kit/index.ts';
import type { AiSdkCall } from './ai-sdk-call.ts';
import { isAiSdkAgent, isLoopAgent } from './ai-sdk-like.ts';
import { encodeMemory } from './ai-sdk-memory.ts';
import type { AiSdkMessage } from './ai-sdk-message.ts';
import { answerMessages } from './answer-messages.ts';
import { createPartMapper } from './create-part-mapper.ts';
import type { PartMapper } from './create-part-mapper.ts';
import { hearParts } from './hear-parts.ts';
import { createPartCalls } from './part-calls.ts';
import type { PartCalls } from './part-calls.ts';
import { createPartReader } from './part-reader.ts';
import type { PartReader } from './part-reader.ts';
import { partsOf } from './parts-of.ts';
import { startAiSdkTurn } from './start-ai-sdk-turn.ts';
import type { AiSdkStart } from './start-ai-sdk-turn.ts';
import { createStepEnds } from './step-ends.ts';
import type { StepEnds } from './step-ends.ts';
import { toAiSdkError, toStreamError } from './to-ai-sdk-error.ts';

/** One turn of an agent of the SDK. */
export interface AiSdkRun {
  /** The arguments for the SDK. They are made when they are first asked for. */
  readonly call: AiSdkCall;
  /** Runs what the factory made. */
  events(made: unknown): AsyncIterable<AgentEvent>;
}

export interface AiSdkRunOptions {
  readonly turn: Turn;
  /** Whether the turn uses and saves the SDK's own messages. */
  readonly snapshots: boolean;
  /** Whether a tool may run before its call stands in the log. */
  readonly mayRunAhead: boolean;
}

interface Begun {
  readonly start: AiSdkStart;
  readonly calls: PartCalls;
  readonly ends: StepEnds;
  readonly stop: AbortController;
  readonly call: AiSdkCall;
}

export function createAiSdkRun(options: AiSdkRunOptions): AiSdkRun {
  let begun: Begun | undefined;
  const beginOnce = (): Begun => (begun ??= begin(options));
  return {
    get call() {
      return beginOnce().call;
    },
    events: (made) => run(made, options, beginOnce),
  };
}

function begin({ turn, snapshots, mayRunAhead }: AiSdkRunOptions): Begun {
  const start = startAiSdkTurn(turn, snapshots);
  const calls = createPartCalls(mayRunAhead);
  const ends = createStepEnds();
  const stop = new AbortController();
  const hold: AiSdkCall['onToolExecutionStart'] = ({ toolCall }) => calls.held(toolCall.toolCallId);
  const call: AiSdkCall = {
    messages: start.messages,
    abortSignal: AbortSignal.any([turn.signal, stop.signal]),
    onToolExecutionStart: hold,
    experimental_onToolCallStart: hold,
    onStepEnd: ends.note,
    onStepFinish: ends.note,
    onError: () => {},
  };
  return { start, calls, ends, stop, call };
}

async function* run(
  made: unknown,
  options: AiSdkRunOptions,
  beginOnce: () => Begun,
): AsyncGenerator<AgentEvent, void, undefined> {
  const { signal } = options.turn;
  const agent = await settle(made);
  if (!isAiSdkAgent(agent)) {
    yield* toAgentEvents(agent);
    return;
  }
  if (signal.aborted) return;
  const { start, calls, ends, stop, call } = beginOnce();
  let reader: PartReader | undefined;
  let isOver = false;
  try {
    yield* calls.resume(start.waiting);
    if (signal.aborted) return;
    for (const id of start.approved) calls.release(id);
    const result = isLoopAgent(agent) ? await agent.stream(call) : agent;
    reader = createPartReader(partsOf(result), signal);
    const mapper = createPartMapper(calls, start.reasons);
    yield* hearParts({ reader, mapper, calls, ends, signal });
    if (signal.aborted) return;
    isOver = true;
    const failure = mapper.failure();
    if (failure !== undefined) throw toStreamError(failure.error);
    yield* end(mapper, start.messages, await answerMessages(result), options);
  } catch (error) {
    // A cancelled agent ends with one of many errors. None of them matters.
    if (signal.aborted) return;
    throw toAiSdkError(error);
  } finally {
    calls.end();
    // The turn was left in the middle.
    if (!isOver) {
      stop.abort();
      reader?.leave();
    }
  }
}

async function settle(made: unknown): Promise<unknown> {
  try {
    return await made;
  } catch (error) {
    throw toAiSdkError(error);
  }
}

/** Saves the conversation, and yields the approvals. Throws a failure if they could not be answered later. */
function* end(
  { asked }: PartMapper,
  before: readonly AiSdkMessage[],
  answer: readonly AiSdkMessage[] | undefined,
  { turn, snapshots }: AiSdkRunOptions,
): Generator<AgentEvent, void, undefined> {
  const waiting = asked.map(({ waits }) => waits);
  const snapshot = answer && encodeMemory({ messages: [...before, ...answer], waiting });
  if (snapshot === undefined && asked.length > 0) throw createFailure('approval_unsupported');
  if (snapshot !== undefined && (snapshots || asked.length > 0)) turn.save(snapshot);
  for (const { waits, reason } of asked)
    yield { type: 'approval_request', approval: waits.approval, call: waits.call, reason };
}
