import type { AgentEvent, Turn, Usage } from '../../protocol/index.ts';
import { createGate, fieldsOf } from '../kit/index.ts';
import type { EventQueue } from '../kit/index.ts';
import { createOpenaiMapper } from './create-openai-mapper.ts';
import type { HeardEvent } from './create-openai-mapper.ts';
import { endOpenaiRun } from './end-openai-run.ts';
import { holdAgents } from './hold-agents.ts';
import type { OpenaiRun } from './openai-agent-like.ts';
import { isOpenaiResult, restOf, toRunContext, usageOf } from './openai-result.ts';
import type { OpenaiResult } from './openai-result.ts';
import type { OpenaiAskedCall } from './pending-approvals.ts';
import { startOpenaiRun } from './start-openai-run.ts';
import type { OpenaiStart } from './start-openai-run.ts';
import { isGuardrailError, toOpenaiError } from './to-openai-error.ts';

export interface OpenaiTurn {
  readonly made: OpenaiRun;
  readonly turn: Turn;
  /** Takes what the run tells, and what its tools and inner agents tell beside it. */
  readonly inbox: EventQueue<HeardEvent>;
  readonly reason: (call: OpenaiAskedCall) => unknown;
  readonly snapshots: boolean;
}

/** Runs an agent for one turn, and yields its events. Throws an AgentError, or the user's own error. */
export async function* runOpenaiTurn({
  made: { agent, runner, RunState, options = {} },
  turn,
  inbox,
  reason,
  snapshots,
}: OpenaiTurn): AsyncGenerator<AgentEvent, void, undefined> {
  const { context, signal: given } = fieldsOf(options);
  const own = given instanceof AbortSignal ? [given] : [];
  const stop = new AbortController();
  const gate = createGate();
  const held = holdAgents(agent, gate);
  const counted: Usage[] = [];
  try {
    const start = await startOpenaiRun({ turn, held, RunState, context, snapshots });
    const before = toUsageBefore(start, context);
    const mapper = createOpenaiMapper({ ...start, isHandoff: held.isHandoff });
    /** Called when the generator is resumed after an event: the event can then be read from the log. */
    const take = (event: AgentEvent): void => {
      if (typeof event === 'string') return;
      if (event.type === 'usage') counted.push(event.usage);
      const id = event.type === 'tool_use' && event.agent === undefined ? mapper.idOf(event.call) : undefined;
      if (id !== undefined) gate.taken(id);
    };
    // The tools that were approved run as soon as the run starts. Their calls are told first.
    for (const event of mapper.resume()) {
      yield event;
      take(event);
    }
    const signal = AbortSignal.any([turn.signal, stop.signal, ...own]);
    const args = [start.agent, start.input, { ...options, stream: true, signal }];
    const result: unknown = await Reflect.apply(runner.run, runner, args);
    if (!isOpenaiResult(result)) throw new TypeError('openaiAgents(factory): the runner gave no stream.');
    void read(result, inbox);
    for await (const heard of inbox) {
      for (const event of mapper.map(heard)) {
        yield event;
        take(event);
      }
    }
    if (turn.signal.aborted) return;
    for (const signalled of own) signalled.throwIfAborted();
    const usage = restOf(usageOf(result.runContext), [before, ...counted]);
    if (usage !== undefined) yield { type: 'usage', usage };
    const hasContext = context !== undefined;
    yield* endOpenaiRun({ turn, held, start, mapper, result, hasContext, reason, snapshots });
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
  return usageOf(resumed ?? toRunContext(context));
}
