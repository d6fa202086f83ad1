import type { AgentEvent } from '../../protocol/index.ts';
import { createCallNames, fieldsOf, textOf, toStopReason } from '../kit/index.ts';
import type { Fields, NamePair } from '../kit/index.ts';
import type { SpeakerCall } from './create-calls.ts';
import { createSpeaker, textsOf } from './create-speaker.ts';
import type { Speaker } from './create-speaker.ts';
import { isInnerEvent, trailOf } from './tool-trail.ts';

type Path = readonly string[];

/** Converts what the SDK streams in one turn to Heddle's events, with the agent that each comes from. */
export interface Mapper {
  /** Returns the events for one event of the SDK. Never throws, whatever it is given in whatever order. */
  map(event: unknown): readonly AgentEvent[];
  /** Returns the last events, from what the stream returned. */
  end(result: unknown): readonly AgentEvent[];
  /** The calls of the outer agent that have no result. */
  calls(): readonly SpeakerCall[];
  /**
   * Whether an inner agent stopped for an approval. The SDK reports this inner agent as done, so an answer
   * could not reach it.
   */
  isStuck(): boolean;
}

export interface MapperOptions {
  readonly isCancelled: () => boolean;
  /** The calls that waited in the turn before, as pairs of the SDK's id and Heddle's name. */
  readonly calls?: readonly NamePair[];
  /** Whether the call had its result in the turn before. */
  readonly isDone?: (vendorId: string) => boolean;
}

export function createMapper({ isCancelled, calls = [], isDone = () => false }: MapperOptions): Mapper {
  const speakers = new Map<string, Speaker>();
  /**
   * The path of each graph or swarm, by the state its events carry. Node events of a nested graph pass
   * through the outer one unmarked.
   */
  const places = new WeakMap<object, Path>();
  const nameFor = createCallNames(calls);
  let isStuck = false;

  const isHeard = (text: string): boolean =>
    [...speakers.values()].some((speaker) => speaker.said().includes(text));

  const at = (path: Path): Speaker => {
    const key = JSON.stringify(path);
    const isOuterDone = (vendorId: string): boolean => path.length === 0 && isDone(vendorId);
    const options = { path, nameFor, isCancelled, isHeard, isDone: isOuterDone };
    const speaker = speakers.get(key) ?? createSpeaker(options);
    speakers.set(key, speaker);
    return speaker;
  };

  const place = (state: unknown): Path | undefined =>
    typeof state === 'object' && state !== null ? places.get(state) : undefined;

  const hearNode = (event: Fields, base: Path): readonly AgentEvent[] => {
    const { source, event: said } = fieldsOf(event['inner']);
    const path = [...(place(event['state']) ?? base), textOf(event['nodeId'])];
    return source === 'multiAgent' ? hearOrchestrator(fieldsOf(said), path) : hear(said, path);
  };

  const hearOrchestrator = (event: Fields, path: Path): readonly AgentEvent[] => {
    const { type, state, source, targets, nodeId, result } = event;
    switch (type) {
      case 'beforeMultiAgentInvocationEvent':
        if (typeof state === 'object' && state !== null) places.set(state, path);
        return [];
      case 'nodeStreamUpdateEvent':
        return hearNode(event, path);
      case 'multiAgentHandoffEvent':
        return [{ type: 'custom', name: 'handoff', data: { source, targets }, ...by(path) }];
      case 'nodeResultEvent':
        return tellOutput(fieldsOf(result), [...(place(state) ?? path), textOf(nodeId)]);
      default:
        return [];
    }
  };

  const hearTool = (event: Fields, base: Path): readonly AgentEvent[] => {
    const said = fieldsOf(event['event']);
    const { data } = said;
    if (isInnerEvent(data)) return hearInner(fieldsOf(data), base);
    const [call, ...outer] = trailOf(event['event']);
    const path = [...base, ...namesOf(outer)];
    const found = at(path).call(call?.vendorId);
    if (found !== undefined) return [{ type: 'tool_progress', call: found.call, data, ...by(path) }];
    return call === undefined ? [{ type: 'custom', name: 'tool_progress', data, ...by(path) }] : [];
  };

  const hearInner = (event: Fields, base: Path): readonly AgentEvent[] => {
    const trail = trailOf(event);
    // No tool was observed here, so the agent's own name is the only name there is.
    const names = trail.length > 0 ? namesOf(trail) : [textOf(fieldsOf(event['agent'])['name']) || 'agent'];
    return hearOwn(event, [...base, ...names]);
  };

  const hearOwn = (event: Fields, path: Path): readonly AgentEvent[] => {
    const type = textOf(event['type']);
    if (type === 'toolStreamUpdateEvent') return hearTool(event, path);
    if (type === 'interruptEvent' && path.length > 0) isStuck = true;
    return /^(multiAgent|node|beforeMultiAgent)/.test(type)
      ? hearOrchestrator(event, path)
      : at(path).hear(event);
  };

  const hear = (event: unknown, base: Path): readonly AgentEvent[] =>
    // A delegate's events look like its caller's. Only the trail shows the difference.
    trailOf(event).length > 0 ? hearInner(fieldsOf(event), base) : hearOwn(fieldsOf(event), base);

  return {
    map: (event) => hear(event, []),
    end(result) {
      const fields = fieldsOf(result);
      const { stopReason, status, lastMessage, content } = fields;
      const isGraph = status !== undefined;
      const message = isGraph ? { role: 'assistant', content } : fieldsOf(lastMessage);
      const isAnswer = message['role'] === 'assistant' && !isUnspoken(stopReason) && !isCancelled();
      const stop = isGraph ? (status === 'COMPLETED' ? 'endTurn' : textOf(status).toLowerCase()) : stopReason;
      return [
        ...(isAnswer ? at([]).add(textsOf(message)) : []),
        ...tellOutput(fields, []),
        { type: 'stop', reason: toStopReason(stop) },
      ];
    },
    calls: () => at([]).calls(),
    isStuck: () => isStuck,
  };
}

/** With these stop reasons the SDK's last message is its own text for the model, or not the last one. */
function isUnspoken(stopReason: unknown): boolean {
  return ['cancelled', 'interrupt', 'checkpoint', 'toolUse'].includes(textOf(stopReason));
}

function tellOutput({ structuredOutput }: Fields, path: Path): readonly AgentEvent[] {
  return structuredOutput === undefined
    ? []
    : [{ type: 'custom', name: 'structured_output', data: structuredOutput, ...by(path) }];
}

function by(path: Path): { readonly agent?: Path } {
  return path.length > 0 ? { agent: path } : {};
}

/** A trail runs from the inside out, a path from the outside in. */
function namesOf(trail: readonly { readonly tool: string }[]): Path {
  return trail.map(({ tool }) => tool).toReversed();
}
