import type { AgentEvent } from '../../protocol/index.ts';
import { createCallNames, fieldsOf, listOf, textOf, toStopReason, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { toCallContent } from './tool-content.ts';

/** Turns what an agent says in one prompt into events. The mapping has no effects. */
export interface UpdateMapper {
  /** Maps the update of a `session/update`. */
  update(update: unknown): readonly AgentEvent[];
  /** Maps the tool call of a permission request. Its call is then in the log. */
  ask(toolCall: unknown): AskedCall;
  /** Tells the open calls again, at the start of a turn that goes on after approvals. */
  resume(): readonly AgentEvent[];
  /** Maps the result of the prompt. */
  end(result: unknown): readonly AgentEvent[];
}

interface AskedCall {
  readonly events: readonly AgentEvent[];
  /** The name of the call. */
  readonly call: string;
  /** The agent's own words about the call. */
  readonly title: string;
}

/** A call as it is known so far. Updates have only the fields that change. */
interface AcpCall {
  readonly call: string;
  tool: string;
  title: string;
  input?: unknown;
  content?: unknown;
  output?: unknown;
  stage: 'new' | 'pending' | 'used' | 'done';
}

/** The longest text of a progress, in UTF-16 units. */
const longestProgress = 4_000;

type Speech = 'content' | 'reasoning';

/** Creates the mapper of one prompt, which may be told in several turns. */
export function createUpdateMapper(): UpdateMapper {
  const calls = new Map<string, AcpCall>();
  const nameFor = createCallNames();
  const speech: { kind?: Speech; message?: string; isStepOver: boolean } = { isStepOver: true };

  /** Begins a step, if one is over. The protocol has no steps: text after the last result begins one. */
  const begin = (): readonly AgentEvent[] => {
    if (!speech.isStepOver) return [];
    speech.isStepOver = false;
    return [{ type: 'step_start' }];
  };

  const say = (kind: Speech, { content, messageId }: Fields): readonly AgentEvent[] => {
    const block = fieldsOf(content);
    if (block['type'] !== 'text') return [...begin(), ...toCustom(block)];
    const data = textOf(block['text']);
    if (data === '') return [];
    const message = textOf(messageId);
    const isNext = speech.kind === kind && speech.message !== message;
    const started = begin();
    speech.kind = kind;
    speech.message = message;
    const ended: readonly AgentEvent[] = isNext && started.length === 0 ? [{ type: `${kind}_end` }] : [];
    return [...started, ...ended, { type: kind, data }];
  };

  const find = (id: string, isNew: boolean): AcpCall => {
    const known = calls.get(id);
    if (known !== undefined && !(isNew && known.stage === 'done')) return known;
    const call: AcpCall = { call: nameFor(id), tool: '', title: '', stage: 'new' };
    calls.set(id, call);
    return call;
  };

  /** Maps a new call, or what is new about a call. */
  const mapCall = (fields: Fields, isNew: boolean): readonly AgentEvent[] => {
    const call = find(textOf(fields['toolCallId']), isNew);
    const { status } = fields;
    if (call.stage === 'done') return [];
    learn(call, fields);
    const events = [...begin()];
    if (call.stage === 'new') {
      call.stage = 'pending';
      events.push(toStart(call));
    }
    const progress = toCallContent(fields['content']);
    const isOver = status === 'completed' || status === 'failed';
    const runs = isOver || status === 'in_progress' || progress !== undefined || hasInput(call.input);
    if (call.stage === 'pending' && runs) {
      call.stage = 'used';
      events.push(toUse(call));
    }
    if (isOver) {
      call.stage = 'done';
      speech.isStepOver = [...calls.values()].every(({ stage }) => stage === 'done');
      const output = call.content ?? call.output ?? '';
      events.push({
        type: 'tool_result',
        call: call.call,
        output,
        status: status === 'completed' ? 'ok' : 'error',
      });
    } else if (progress !== undefined)
      events.push({ type: 'tool_progress', call: call.call, data: toProgress(progress) });
    return events;
  };

  return {
    update(update) {
      const fields = fieldsOf(update);
      switch (fields['sessionUpdate']) {
        case 'agent_message_chunk':
          return say('content', fields);
        case 'agent_thought_chunk':
          return say('reasoning', fields);
        case 'tool_call':
          return mapCall(fields, true);
        case 'tool_call_update':
          return mapCall(fields, false);
        case 'plan':
          return [{ type: 'custom', name: 'plan', data: { entries: listOf(fields['entries']) } }];
        case 'usage_update': {
          const { used, size, cost } = fields;
          return [{ type: 'custom', name: 'context', data: { used, size, ...(cost != null && { cost }) } }];
        }
        default:
          return [];
      }
    },
    ask(toolCall) {
      const fields = fieldsOf(toolCall);
      const events = mapCall({ ...fields, status: 'in_progress', content: undefined }, false);
      const { call, title, tool } = find(textOf(fields['toolCallId']), false);
      return { events, call, title: title === '' ? tool : title };
    },
    resume() {
      speech.isStepOver = false;
      const open = [...calls.values()].filter(({ stage }) => stage !== 'done');
      return [
        { type: 'step_start' },
        ...open.map((call) => (call.stage === 'used' ? toUse(call) : toStart(call))),
      ];
    },
    end(result) {
      const { stopReason, usage } = fieldsOf(result);
      const { inputTokens, outputTokens, totalTokens } = fieldsOf(usage);
      const counts = toUsage({ input: inputTokens, output: outputTokens, total: totalTokens });
      return [
        ...(counts === undefined ? [] : [{ type: 'usage' as const, usage: counts }]),
        { type: 'stop', reason: toStopReason(stopReason) },
      ];
    },
  };
}

function learn(call: AcpCall, { name, kind, title, rawInput, rawOutput, content }: Fields): void {
  // Its start has told the name, and its use the input.
  if (call.stage === 'new') call.tool = textOf(name) || textOf(kind) || 'tool';
  if (call.stage === 'new' || call.stage === 'pending') call.input = rawInput ?? call.input;
  call.title = textOf(title) || call.title;
  call.output = rawOutput ?? call.output;
  call.content = toCallContent(content) ?? call.content;
}

/** Whether an input was told. Some agents begin with an empty one, and send the rest later. */
function hasInput(input: unknown): boolean {
  return input !== undefined && Object.keys(fieldsOf(input)).length > 0;
}

/** Cuts a text to its end. Agents send all output so far again and again, and the log keeps each. */
function toProgress(content: unknown): unknown {
  const isLong = typeof content === 'string' && content.length > longestProgress;
  return isLong ? `…${content.slice(-longestProgress)}` : content;
}

function toStart({ call, tool }: AcpCall): AgentEvent {
  return { type: 'tool_use_start', call, tool };
}

function toUse({ call, tool, title, input }: AcpCall): AgentEvent {
  // Many agents tell only the title, which says the same in words.
  return { type: 'tool_use', call, tool, input: input ?? (title === '' ? {} : { title }) };
}

/** Maps a block of a message that is no text. */
function toCustom(block: Fields): readonly AgentEvent[] {
  const { type, mimeType, data, uri, name, title, resource } = block;
  switch (type) {
    case 'image':
    case 'audio':
      return [{ type: 'custom', name: 'file', data: { media_type: mimeType, data } }];
    case 'resource_link':
      return [{ type: 'custom', name: 'source', data: { url: uri, title: title ?? name } }];
    case 'resource':
      return [{ type: 'custom', name: 'resource', data: resource }];
    default:
      return [];
  }
}
