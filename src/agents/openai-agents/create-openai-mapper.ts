import type { AgentEvent } from '../../protocol/index.ts';
import { createCallNames, fieldsOf, textOf } from '../kit/index.ts';
import { createOpenaiSpeaker } from './create-openai-speaker.ts';
import type { OpenaiSpeaker } from './create-openai-speaker.ts';
import { toCallPairs } from './open-calls.ts';
import type { OpenCall } from './open-calls.ts';

/** One thing that came from a run. */
export type HeardEvent =
  /** An event of the SDK's stream. With `toolCall`, it comes from the agent that this call runs as a tool. */
  | { readonly type: 'stream'; readonly event: unknown; readonly toolCall?: unknown }
  /** Progress that a tool reported itself. */
  | { readonly type: 'progress'; readonly id: string; readonly data: unknown };

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
  readonly calls: readonly OpenCall[];
  /** The ids of the calls whose approval was denied. */
  readonly denied: ReadonlySet<string>;
  readonly isHandoff: (tool: string) => boolean;
}

/** An agent that runs as a tool. */
interface Inner {
  readonly path: readonly string[];
  readonly speaker: OpenaiSpeaker;
}

export function createOpenaiMapper({ calls, denied, isHandoff }: OpenaiMapperOptions): OpenaiMapper {
  const nameFor = createCallNames(toCallPairs(calls));
  const isDenied = (id: string): boolean => denied.has(id);
  const outer = createOpenaiSpeaker({ path: [], nameFor, isHandoff, isDenied });
  /** By the id of the call that runs the agent. */
  const inner = new Map<string, Inner>();

  const pathFor = (id: string, tool: string): readonly string[] => {
    const caller = [...inner.values()].find(({ speaker }) => speaker.calls.find(id) !== undefined);
    const base = caller?.path ?? [];
    const isTaken = (name: string): boolean =>
      [...inner.values()].some(({ path }) => JSON.stringify(path) === JSON.stringify([...base, name]));
    // Two calls of one tool may run at once. Their texts must not mix.
    let name = tool;
    for (let number = 2; isTaken(name); number += 1) name = `${tool}-${number}`;
    return [...base, name];
  };

  const speakerOf = (toolCall: unknown): OpenaiSpeaker => {
    const { callId, name } = fieldsOf(toolCall);
    const id = textOf(callId);
    const known = inner.get(id);
    if (known !== undefined) return known.speaker;
    const path = pathFor(id, textOf(name) || 'agent');
    // Each agent may have its own handoffs, whose names are not known here.
    const isInnerHandoff = (tool: string): boolean => tool.startsWith('transfer_to_');
    const speaker = createOpenaiSpeaker({ path, nameFor, isHandoff: isInnerHandoff, isDenied: () => false });
    inner.set(id, { path, speaker });
    return speaker;
  };

  const tellProgress = (id: string, data: unknown): readonly AgentEvent[] => {
    const found = outer.calls.find(id);
    return found === undefined ? [] : [{ type: 'tool_progress', call: found.call, data }];
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
      if (heard.type === 'progress') return tellProgress(heard.id, heard.data);
      const { event, toolCall } = heard;
      if (toolCall !== undefined) return speakerOf(toolCall).hear(event);
      const events = outer.hear(event);
      const { name, item } = fieldsOf(event);
      const { callId } = fieldsOf(fieldsOf(item)['rawItem']);
      if (name === 'tool_output') inner.delete(textOf(callId));
      return events;
    },
  };
}
