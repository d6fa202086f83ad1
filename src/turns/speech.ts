import { isRecord, isSessionEvent } from '../protocol/index.ts';
import type { AgentEvent, SpokenEvent, ToolStatus, Usage } from '../protocol/index.ts';
import { cutText, hasLongName, splitText, toJson } from './limits.ts';

/** Turns what an agent yields into what its log holds: everything named, opened before it is used, and closed. */
export interface Speech {
  /** The log's events for one of the agent's; throws a TypeError where the agent breaks its contract. */
  say(event: AgentEvent): readonly SpokenEvent[];
  /** Ends all that is open: parts, tool calls (with this status), steps. */
  close(status: ToolStatus): readonly SpokenEvent[];
  readonly usage: Usage | undefined;
  readonly reason: string | undefined;
  readonly approvals: readonly string[];
}

type Kind = 'content' | 'reasoning';
type Said = Exclude<AgentEvent, string>;

/** One voice: the outer agent, or an inner one by its path. */
interface Speaker {
  readonly agent?: readonly string[];
  part?: string | undefined;
  step?: string | undefined;
  /** Text and reasoning of the open step, for `discard` and `replace`. */
  parts: string[];
}

interface Call {
  readonly tool: string;
  readonly speaker: Speaker;
  pieces: boolean;
  called: boolean;
}

/** Starts a turn's speech. Names of parts and steps count within the attempt, so that a second attempt repeats none. */
export function createSpeech(turn: string, attempt: number): Speech {
  const speakers = new Map<string, Speaker>();
  const open = new Map<string, { readonly kind: Kind; readonly speaker: Speaker }>();
  const calls = new Map<string, Call>();
  const approvals: string[] = [];
  const counts = { p: 0, s: 0 };
  let usage: Usage | undefined;
  let reason: string | undefined;

  const name = (kind: 'p' | 's'): string => `${kind}${attempt > 1 ? `${attempt}.` : ''}${++counts[kind]}`;
  const by = ({ agent }: Speaker): { turn: string; agent?: readonly string[] } => ({
    turn,
    ...(agent && { agent }),
  });

  const speakerOf = ({ agent = [] }: { readonly agent?: readonly string[] }): Speaker => {
    const key = JSON.stringify(agent);
    const known = speakers.get(key);
    if (known) return known;
    const speaker: Speaker = { ...(agent.length > 0 && { agent }), parts: [] };
    speakers.set(key, speaker);
    return speaker;
  };

  const endPart = (part: string | undefined): readonly SpokenEvent[] => {
    const found = part === undefined ? undefined : open.get(part);
    if (part === undefined || found === undefined) return [];
    open.delete(part);
    if (found.speaker.part === part) found.speaker.part = undefined;
    return [{ type: `${found.kind}_end`, part, ...by(found.speaker) }];
  };

  const startPart = (speaker: Speaker, kind: Kind, named?: string): readonly SpokenEvent[] => {
    const part = named ?? name('p');
    const ended = named === undefined ? endPart(speaker.part) : [];
    open.set(part, { kind, speaker });
    speaker.part = part;
    speaker.parts.push(part);
    return [...ended, { type: `${kind}_start`, part, ...by(speaker) }];
  };

  const sayText = (speaker: Speaker, kind: Kind, data: string, named?: string): readonly SpokenEvent[] => {
    if (data === '') return [];
    const current = named ?? speaker.part;
    const goesOn = current !== undefined && open.get(current)?.kind === kind;
    const started = goesOn ? [] : startPart(speaker, kind, named);
    const part = current !== undefined && goesOn ? current : (speaker.part ?? '');
    return [
      ...started,
      ...splitText(data).map((piece) => ({ type: kind, part, data: piece, ...by(speaker) })),
    ];
  };

  const callOf = (event: { readonly type: string; readonly call: string }): Call => {
    const call = calls.get(event.call);
    if (call === undefined)
      throw new TypeError(`The agent yielded ${event.type} for a call that is not open: ${event.call}`);
    return call;
  };

  const startCall = (speaker: Speaker, call: string, tool: string): readonly SpokenEvent[] => {
    if (calls.has(call)) return [];
    calls.set(call, { tool, speaker, pieces: false, called: false });
    return [...endPart(speaker.part), { type: 'tool_use_start', call, tool, ...by(speaker) }];
  };

  const sayInput = (name: string, data: string): readonly SpokenEvent[] => {
    const call = callOf({ type: 'tool_use_input', call: name });
    if (data === '') return [];
    call.pieces = true;
    return splitText(data).map((piece) => ({
      type: 'tool_use_input',
      call: name,
      data: piece,
      ...by(call.speaker),
    }));
  };

  const endStep = (speaker: Speaker): readonly SpokenEvent[] => {
    const { step } = speaker;
    if (step === undefined) return [];
    speaker.step = undefined;
    return [...endPart(speaker.part), { type: 'step_end', step, ...by(speaker) }];
  };

  const say = (event: Said): readonly SpokenEvent[] => {
    const speaker = speakerOf(event);
    switch (event.type) {
      case 'content':
      case 'reasoning':
        return sayText(speaker, event.type, event.data, event.part);
      case 'content_start':
        return startPart(speaker, 'content', event.part);
      case 'reasoning_start':
        return startPart(speaker, 'reasoning', event.part);
      case 'content_end':
      case 'reasoning_end':
        return endPart(event.part ?? speaker.part);
      case 'step_start': {
        const ended = endStep(speaker);
        const step = event.step ?? name('s');
        speaker.step = step;
        speaker.parts = [];
        return [...ended, { type: 'step_start', step, ...by(speaker) }];
      }
      case 'step_end':
        return endStep(speaker);
      case 'tool_use_start':
        return startCall(speaker, event.call, event.tool);
      case 'tool_use_input':
        return sayInput(event.call, event.data);
      case 'tool_use': {
        const started = startCall(speaker, event.call, event.tool);
        const call = callOf(event);
        if (call.called) return [];
        const input = toJson(event.input);
        const pieces = call.pieces ? [] : sayInput(event.call, JSON.stringify(input));
        call.called = true;
        return [
          ...started,
          ...pieces,
          { type: 'tool_use', call: event.call, tool: call.tool, input, ...by(call.speaker) },
        ];
      }
      case 'tool_progress':
        return [
          { type: 'tool_progress', call: event.call, data: toJson(event.data), ...by(callOf(event).speaker) },
        ];
      case 'tool_result': {
        const { speaker: caller } = callOf(event);
        calls.delete(event.call);
        const { call, output, status = 'ok' } = event;
        return [{ type: 'tool_result', call, output: toJson(output), status, ...by(caller) }];
      }
      case 'discard': {
        const parts = event.parts ?? speaker.parts;
        const ended = parts.flatMap(endPart);
        speaker.parts = speaker.parts.filter((part) => !parts.includes(part));
        return parts.length === 0 ? [] : [...ended, { type: 'discard', parts, ...by(speaker) }];
      }
      case 'replace': {
        const part = event.part ?? speaker.parts.at(-1);
        if (part === undefined)
          throw new TypeError('The agent yielded replace, and there is no part to replace.');
        return [{ type: 'replace', part, data: cutText(event.data), ...by(speaker) }];
      }
      case 'approval_request': {
        const { approval, call } = event;
        approvals.push(approval);
        const request = { type: 'approval_request', approval, reason: toJson(event.reason) } as const;
        return [{ ...request, ...(call !== undefined && { call }), ...by(speaker) }];
      }
      case 'custom':
        return [{ type: 'custom', name: event.name, data: toJson(event.data), ...by(speaker) }];
      case 'usage':
        usage = addUsage(usage, event.usage);
        return [];
      case 'stop':
        reason = event.reason;
        return [];
      default:
        throw new TypeError(`The agent yielded an event of unknown type: ${describe(event)}`);
    }
  };

  return {
    say: (event) => {
      const said = typeof event === 'string' ? say({ type: 'content', data: event }) : say(event);
      // Found here, it is the agent's failure; found by the log, it would be nobody's.
      if (!said.every(isSessionEvent) || hasLongName(said)) {
        throw new TypeError(`The agent yielded an event that cannot be kept: ${describe(event)}`);
      }
      return said;
    },
    close: (status) => [
      ...[...open.keys()].flatMap(endPart),
      ...[...calls].map(([call, { speaker }]): SpokenEvent => {
        calls.delete(call);
        return { type: 'tool_result', call, output: null, status, ...by(speaker) };
      }),
      ...[...speakers.values()].flatMap(endStep),
    ],
    get usage() {
      return usage;
    },
    get reason() {
      return reason;
    },
    approvals,
  };
}

function addUsage(sum: Usage | undefined, more: Usage): Usage {
  const add = (key: keyof Usage): Partial<Record<keyof Usage, number>> => {
    const total = (sum?.[key] ?? 0) + (more[key] ?? 0);
    return sum?.[key] === undefined && more[key] === undefined ? {} : { [key]: total };
  };
  return { ...add('input_tokens'), ...add('output_tokens'), ...add('total_tokens') };
}

function describe(event: unknown): string {
  return isRecord(event) ? String(event['type']) : typeof event;
}
