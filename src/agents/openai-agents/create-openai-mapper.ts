import { isRecord } from '../../protocol/internal.ts';
import type { AgentEvent } from '../../protocol/index.ts';
import { createCallNames, fieldsOf, textOf } from '../kit/index.ts';
import { createOpenaiSpeaker } from './create-openai-speaker.ts';
import type { OpenaiSpeaker } from './create-openai-speaker.ts';
import { toCallPairs } from './open-calls.ts';
import type { OpenToolCall } from './open-calls.ts';

/** One thing that came from a run. */
export type HeardEvent =
  /** An event of the SDK's stream. With `toolCall`, it comes from the agent that this call runs as a tool. */
  { readonly type: 'stream'; readonly event: unknown; readonly toolCall?: unknown } | ToolProgress;

/** Progress that a tool reported itself. */
interface ToolProgress {
  readonly type: 'progress';
  readonly toolCall: unknown;
  readonly data: unknown;
}

/** Converts what a run streams in one turn to Heddle's events, with the agent that each comes from. */
export interface OpenaiMapper {
  /** Never throws, whatever it is given in whatever order. */
  map(heard: HeardEvent): readonly AgentEvent[];
  /** Tells the calls again that waited for an approval: the engine ended them in the turn that asked. */
  resume(): readonly AgentEvent[];
  readonly outer: OpenaiSpeaker;
  /** Returns the SDK's id of an open call of the outer agent by its name in the events. */
  idOf(call: string): string | undefined;
}

export interface OpenaiMapperOptions {
  /** The calls that waited in the turn before. */
  readonly calls: readonly OpenToolCall[];
  /** The ids of the calls whose approval was denied. */
  readonly denied: ReadonlySet<string>;
  readonly isHandoff: (tool: string) => boolean;
}

/** A speaker with its path. The outer agent has an empty one. */
interface Voice {
  readonly path: readonly string[];
  readonly speaker: OpenaiSpeaker;
}

/** An agent that runs as a tool, and the one that called it. */
interface InnerVoice extends Voice {
  readonly caller: Voice;
  readonly id: string;
}

/** The most progress that is kept for calls that are not told yet. An agent that is not heard tells none. */
const maxEarly = 100;

export function createOpenaiMapper({ calls, denied, isHandoff }: OpenaiMapperOptions): OpenaiMapper {
  const nameFor = createCallNames(toCallPairs(calls));
  const isDenied = (id: string): boolean => denied.has(id);
  const outer = createOpenaiSpeaker({ path: [], nameFor, isHandoff, isDenied });
  const outerVoice: Voice = { path: [], speaker: outer };
  /** By the call that runs the agent, always the same object. Ids may be equal in two agents. */
  const inner = new Map<unknown, InnerVoice>();
  const callers = new WeakMap<object, Voice>();
  /** Progress of calls that are not told yet. Tools of inner agents run ahead of what these agents tell. */
  let early: readonly ToolProgress[] = [];

  const callerOf = (toolCall: unknown): Voice | undefined => {
    const { callId, name } = fieldsOf(toolCall);
    const made = [outerVoice, ...inner.values()].find(
      ({ speaker }) => speaker.calls.find(textOf(callId))?.tool === name,
    );
    return (isRecord(toolCall) ? callers.get(toolCall) : undefined) ?? made;
  };

  const pathFor = (base: readonly string[], tool: string): readonly string[] => {
    const isTaken = (name: string): boolean =>
      [...inner.values()].some(({ path }) => JSON.stringify(path) === JSON.stringify([...base, name]));
    // Two calls of one tool may run at once. Their texts must not mix.
    let name = tool;
    for (let number = 2; isTaken(name); number += 1) name = `${tool}-${number}`;
    return [...base, name];
  };

  const voiceOf = (toolCall: unknown): Voice => {
    const known = inner.get(toolCall);
    if (known !== undefined) return known;
    const { callId, name } = fieldsOf(toolCall);
    const caller = callerOf(toolCall) ?? outerVoice;
    const path = pathFor(caller.path, textOf(name) || 'agent');
    // Each agent may have its own handoffs, whose names are not known here.
    const isInnerHandoff = (tool: string): boolean => tool.startsWith('transfer_to_');
    const speaker = createOpenaiSpeaker({ path, nameFor, isHandoff: isInnerHandoff, isDenied: () => false });
    const voice = { path, speaker, caller, id: textOf(callId) };
    inner.set(toolCall, voice);
    return voice;
  };

  const hear = (event: unknown, voice: Voice): readonly AgentEvent[] => {
    const { name, item } = fieldsOf(event);
    const { rawItem } = fieldsOf(item);
    if (name === 'tool_called' && isRecord(rawItem)) callers.set(rawItem, voice);
    if (name === 'tool_output') {
      const { callId } = fieldsOf(rawItem);
      const ended = [...inner].filter(([, { caller, id }]) => caller === voice && id === callId);
      for (const [toolCall] of ended) inner.delete(toolCall);
    }
    return voice.speaker.hear(event);
  };

  const tellProgress = (progress: ToolProgress): readonly AgentEvent[] => {
    const { toolCall, data } = progress;
    const voice = callerOf(toolCall);
    const found = voice?.speaker.calls.find(textOf(fieldsOf(toolCall)['callId']));
    if (voice === undefined || found === undefined) {
      early = [...early, progress].slice(-maxEarly);
      return [];
    }
    const by = voice.path.length > 0 ? { agent: voice.path } : {};
    return [{ type: 'tool_progress', call: found.call, data, ...by }];
  };

  const tellEarly = (): readonly AgentEvent[] => {
    const all = early;
    early = [];
    return all.flatMap(tellProgress);
  };

  return {
    outer,
    idOf: (name) => outer.calls.ready().find(({ call }) => call === name)?.id,
    resume: () =>
      calls.map((waiting) => {
        const { call, tool, input } = outer.calls.use(waiting);
        return { type: 'tool_use', call, tool, input };
      }),
    map(heard) {
      if (heard.type === 'progress') return tellProgress(heard);
      const { event, toolCall } = heard;
      const events = hear(event, toolCall === undefined ? outerVoice : voiceOf(toolCall));
      const isTold = early.length > 0 && events.some(isToolUse);
      return isTold ? [...events, ...tellEarly()] : events;
    },
  };
}

function isToolUse(event: AgentEvent): boolean {
  return typeof event !== 'string' && event.type === 'tool_use';
}
