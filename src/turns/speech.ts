import type { SpokenEvent, ToolStatus, Usage } from '../protocol/index.ts';
import type { CheckedEvent, ReportProblem } from './agent-event.ts';
import { createTurnCalls } from './turn-calls.ts';
import type { EarlierCall, Voice } from './turn-calls.ts';
import { createUniqueNames } from './unique-names.ts';
import type { UniqueNames } from './unique-names.ts';
import { createParts } from './parts.ts';
import type { Parts } from './parts.ts';

/**
 * Turns the events of an agent into the events of its log. In the log, everything has a name, is opened
 * before it is used, and is closed.
 */
export interface Speech {
  /**
   * Returns the log's events for one event of the agent. Throws a TypeError if the agent breaks its contract.
   */
  say(event: CheckedEvent): readonly SpokenEvent[];
  /** Ends everything that is open: parts, tool calls (with this status) and steps. */
  close(status: ToolStatus): readonly SpokenEvent[];
  readonly usage: Usage | undefined;
  readonly reason: string | undefined;
  /** The log's names of the approvals that the agent requested. */
  readonly approvals: readonly string[];
}

export interface SpeechOptions {
  readonly turn: string;
  readonly attempt: number;
  /**
   * Names that are taken: the calls of earlier attempts, and the approvals of the session. The approvals are
   * looked up only when they are needed. Undefined if not all of them are known.
   */
  readonly used?: { readonly calls: Iterable<string>; approvals(): Iterable<string> | undefined };
  /** The calls of the turn that this one goes on from, by their names in the log. */
  readonly earlier?: ReadonlyMap<string, EarlierCall>;
  readonly report?: ReportProblem;
}

/** One speaker: the outer agent, or an inner agent by its path. */
interface Speaker extends Voice {
  readonly parts: Parts;
  step?: string | undefined;
}

/**
 * Starts the speech of a turn. A name that an agent gives belongs to its speaker and to the kind of thing
 * that it names. In the log each name stands for one thing of the turn: a name that is used again is changed.
 * A second attempt repeats no name of the first.
 */
export function createSpeech({
  turn,
  attempt,
  used = { calls: [], approvals: () => [] },
  earlier = new Map(),
  report = () => {},
}: SpeechOptions): Speech {
  const speakers = new Map<string, Speaker>();
  const calls = createTurnCalls({ nameFor: createUniqueNames(used.calls), earlier, report });
  let approvalFor: UniqueNames | undefined;
  const approvals: string[] = [];
  let usage: Usage | undefined;
  let reason: string | undefined;

  /** Creates a function that names parts or steps. If the agent gives no name, the names are `p1`, `p2` … */
  const createNaming = (letter: 'p' | 's'): ((given: string | undefined) => string) => {
    const nameFor = createUniqueNames();
    let count = 0;
    return (given) => {
      if (given !== undefined) return nameFor(attempt > 1 ? `${given}~${attempt}` : given);
      count += 1;
      return nameFor(`${letter}${attempt > 1 ? `${attempt}.` : ''}${count}`);
    };
  };
  const partFor = createNaming('p');
  const stepFor = createNaming('s');

  const speakerOf = ({ agent }: { readonly agent?: readonly string[] }): Speaker => {
    const isInner = agent !== undefined && agent.length > 0;
    const key = isInner ? JSON.stringify(agent) : '';
    const known = speakers.get(key);
    if (known) return known;
    const by = { turn, ...(isInner && { agent }) };
    const speaker: Speaker = { key, by, parts: createParts({ by, nameFor: partFor }) };
    speakers.set(key, speaker);
    return speaker;
  };

  const endStep = (speaker: Speaker): readonly SpokenEvent[] => {
    const { step, parts, by } = speaker;
    if (step === undefined) return [];
    speaker.step = undefined;
    return [...parts.endAll(), { type: 'step_end', step, ...by }];
  };

  const discardAll = (): readonly SpokenEvent[] => {
    const all = [...speakers.values()].map(({ parts }) => parts.discardAll());
    const parts = all.flatMap(({ names }) => names);
    return parts.length === 0 ? [] : [...all.flatMap(({ ended }) => ended), { type: 'discard', parts, turn }];
  };

  return {
    say(event) {
      const speaker = speakerOf(event);
      const { parts, by } = speaker;
      switch (event.type) {
        case 'content':
        case 'reasoning':
          return parts.say(event.type, event.data, event.part);
        case 'content_start':
          return parts.start('content', event.part);
        case 'reasoning_start':
          return parts.start('reasoning', event.part);
        case 'content_end':
          return parts.end('content', event.part);
        case 'reasoning_end':
          return parts.end('reasoning', event.part);
        case 'step_start': {
          const ended = endStep(speaker);
          const step = stepFor(event.step);
          speaker.step = step;
          parts.startStep();
          return [...ended, { type: 'step_start', step, ...by }];
        }
        case 'step_end':
          return endStep(speaker);
        case 'tool_use_start':
          return afterText(parts, calls.start(speaker, event.call, event.tool));
        case 'tool_use_input':
          return calls.input(speaker, event.call, event.data);
        case 'tool_use':
          return afterText(parts, calls.use(speaker, event.call, event.tool, event.input));
        case 'tool_progress':
          return calls.progress(speaker, event.call, event.data);
        case 'tool_result':
          return afterText(parts, calls.result(speaker, event.call, event.output, event.status ?? 'ok'));
        case 'discard':
          return event.all === true ? discardAll() : parts.discard(event.parts);
        case 'replace':
          return parts.replace(event.data, event.part);
        case 'approval_request': {
          const { approval: given, reason: why } = event;
          approvalFor ??= toApprovalNames(used.approvals(), turn);
          const approval = approvalFor(given === '' ? 'approval' : given);
          approvals.push(approval);
          const call = event.call === undefined ? undefined : { call: calls.nameOf(speaker, event.call) };
          const name = approval === given ? undefined : { name: given };
          return [{ type: 'approval_request', approval, reason: why, ...call, ...name, ...by }];
        }
        case 'custom':
          return [{ type: 'custom', name: event.name, data: event.data, ...by }];
        case 'usage':
          usage = addUsage(usage, event.usage);
          return [];
        case 'stop':
          reason = event.reason === '' ? reason : event.reason;
          return [];
      }
    },
    close: (status) => [
      ...[...speakers.values()].flatMap(({ parts }) => parts.endAll()),
      ...calls.close(status),
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

/** Ends the text before a call that starts. */
function afterText(parts: Parts, said: readonly SpokenEvent[]): readonly SpokenEvent[] {
  return said[0]?.type === 'tool_use_start' ? [...parts.end('content'), ...said] : said;
}

function addUsage(sum: Usage = {}, more: Usage): Usage {
  const add = (key: keyof Usage): Partial<Record<keyof Usage, number>> => {
    const total = (sum[key] ?? 0) + (more[key] ?? 0);
    return sum[key] === undefined && more[key] === undefined ? {} : { [key]: total };
  };
  return { ...add('input_tokens'), ...add('output_tokens'), ...add('total_tokens') };
}

/** If not all approvals of the session are known, each new name ends with the turn, which is unique. */
function toApprovalNames(used: Iterable<string> | undefined, turn: string): UniqueNames {
  const nameFor = createUniqueNames(used);
  return used === undefined ? (wanted) => nameFor(`${wanted}~${turn}`) : nameFor;
}
