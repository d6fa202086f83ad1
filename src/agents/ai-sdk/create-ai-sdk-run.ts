import { describe, has, toAgentEvents } from '../../protocol/internal.ts';
import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { createFailure, textOf } from '../kit/index.ts';
import type { AiSdkCall } from './ai-sdk-call.ts';
import { isAiSdkAgent, isLoopAgent } from './ai-sdk-like.ts';
import { encodeMemory } from './ai-sdk-memory.ts';
import type { AiSdkMessage } from './ai-sdk-message.ts';
import { answerMessages } from './answer-messages.ts';
import { createPartMapper } from './create-part-mapper.ts';
import type { PartMapper } from './create-part-mapper.ts';
import { isSuperseded } from './is-superseded.ts';
import { createPartCalls } from './part-calls.ts';
import type { PartCalls } from './part-calls.ts';
import { createPartReader } from './part-reader.ts';
import type { PartReader } from './part-reader.ts';
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

/** The results that were read. Each can be read once. */
const taken = new WeakSet<object>();

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
  try {
    yield* calls.resume(start.waiting);
    if (signal.aborted) return;
    for (const id of start.approved) calls.release(id);
    const result = isLoopAgent(agent) ? await agent.stream(call) : agent;
    reader = createPartReader(partsOf(result));
    const mapper = createPartMapper(calls, start.reasons);
    yield* hear({ reader, mapper, calls, ends, signal });
    reader = undefined;
    if (signal.aborted) return;
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
    if (reader !== undefined) {
      stop.abort();
      reader.leave();
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

/** Returns the parts of a result. Throws a TypeError if it has none, or if they were read in another turn. */
function partsOf(result: unknown): AsyncIterable<unknown> {
  if (typeof result !== 'object' || result === null || !('fullStream' in result))
    throw new TypeError(`aiSdkAgent(factory): stream() gave ${describe(result)}, and no streams of parts.`);
  if (taken.has(result))
    throw new TypeError(
      'aiSdkAgent(factory): the factory returned the result of an earlier turn. It must call streamText() each time.',
    );
  taken.add(result);
  const parts: unknown = 'stream' in result ? result.stream : result.fullStream;
  if (isIterable(parts)) return parts;
  throw new TypeError(`aiSdkAgent(factory): the stream of a result is ${describe(parts)}.`);
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return has(value, Symbol.asyncIterator);
}

interface Hearing {
  readonly reader: PartReader;
  readonly mapper: PartMapper;
  readonly calls: PartCalls;
  readonly ends: StepEnds;
  readonly signal: AbortSignal;
}

/** Yields the events for all parts. After a cancel the stream is read to its end, and nothing is said. */
async function* hear({ reader, mapper, calls, ends, signal }: Hearing): AsyncGenerator<AgentEvent> {
  for (;;) {
    const part = await reader.next();
    if (part === undefined) return;
    if (signal.aborted || (await isSuperseded(part, reader))) continue;
    if (part['type'] === 'finish-step') {
      // The SDK may hand on the part before it calls back. The next part comes only afterwards.
      await Promise.race([ends.noted(), reader.ahead()]);
      const content = ends.take();
      if (content !== undefined) yield* mapper.settle(content);
    }
    yield* mapper.map(part);
    // The generator is resumed when the events before can be read from the log. It may be cancelled by then.
    if (part['type'] === 'tool-call' && !signal.aborted) calls.release(textOf(part['toolCallId']));
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
