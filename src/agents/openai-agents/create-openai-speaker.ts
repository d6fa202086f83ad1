import type { AgentEvent } from '../../protocol/index.ts';
import { createText, fieldsOf, listOf, textOf, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { createOpenCalls } from './open-calls.ts';
import type { OpenToolCalls } from './open-calls.ts';
import { toRawPieces } from './raw-event.ts';
import type { RawPiece } from './raw-event.ts';
import { isFailedOutput, toSpokenItem, toToolItem } from './tool-item.ts';

/** One speaker of a turn: the outer agent with all that it hands off to, or an agent that runs as a tool. */
export interface OpenaiSpeaker {
  /** Returns the events for one event of the SDK's stream. */
  hear(event: unknown): readonly AgentEvent[];
  /** Says the final output if a tool had the last word, and not the model. */
  say(output: string): readonly AgentEvent[];
  readonly calls: OpenToolCalls;
  /** Returns why the last answer ended. */
  reason(): string;
  /** Whether the model, or a tool after it, came to an end. */
  hasEnded(): boolean;
}

export interface OpenaiSpeakerOptions {
  /** The path of the speaker; empty for the outer agent. */
  readonly path: readonly string[];
  readonly nameFor: (id: string) => string;
  /** Whether a tool is a handoff, which is not told as a call. */
  readonly isHandoff: (tool: string) => boolean;
  /** Whether the approval of the call was denied. */
  readonly isDenied: (id: string) => boolean;
}

/** Where a run is: before its first answer, in an answer of the model, after it, or after a tool. */
type Phase = 'idle' | 'answering' | 'answered' | 'acted';

/** The facts about the last answer: the item of its open message, and its texts that come again as items. */
interface Answer {
  readonly item?: unknown;
  readonly hasReasoning?: boolean;
  readonly texts?: readonly string[];
  readonly reason?: string;
}

export function createOpenaiSpeaker(options: OpenaiSpeakerOptions): OpenaiSpeaker {
  const { path, isHandoff, isDenied } = options;
  const by = path.length > 0 ? { agent: path } : {};
  const text = createText(by);
  const calls = createOpenCalls(options.nameFor);
  /** The calls of the open answer, by the keys of the provider's stream. */
  const written = new Map<string, string>();
  let phase: Phase = 'idle';
  let answer: Answer = {};

  const begin = (): readonly AgentEvent[] => {
    if (phase === 'answering') return [];
    phase = 'answering';
    text.reset();
    answer = {};
    return [{ type: 'step_start', ...by }];
  };

  /** The model begins its answer again: what it said is void. */
  const beginAgain = (): readonly AgentEvent[] => {
    calls.forgetBegun();
    written.clear();
    answer = {};
    return text.discard();
  };

  const sayWhole = (data: string): readonly AgentEvent[] => [
    ...text.endPart(),
    ...text.say('content', data),
    ...text.endPart(),
  ];

  const hearPiece = (piece: RawPiece): readonly AgentEvent[] => {
    if (piece.type === 'reasoning') {
      answer = { ...answer, hasReasoning: true };
      return text.say('reasoning', piece.data);
    }
    if (piece.type === 'reasoning_end') return text.endPart();
    if (piece.type === 'cut') {
      answer = { ...answer, reason: piece.reason };
      return [];
    }
    if (piece.type === 'call') {
      if (isHandoff(piece.tool)) return [];
      const { call, tool } = calls.start(piece.id, piece.tool);
      written.set(piece.key, call);
      return [...text.endPart(), { type: 'tool_use_start', call, tool, ...by }];
    }
    const call = written.get(piece.key);
    return call === undefined ? [] : [{ type: 'tool_use_input', call, data: piece.data, ...by }];
  };

  /** Settles what was streamed against the finished answer, which has everything. */
  const settle = (output: readonly unknown[]): readonly AgentEvent[] => {
    const items = output.map(toSpokenItem).filter((each) => each.text !== '');
    const texts = items.filter(({ kind }) => kind === 'content').map((each) => each.text);
    const whole = texts.join('');
    const said = text.said().join('');
    const isUnheard = said === '' && answer.hasReasoning !== true;
    answer = { ...answer, texts };
    if (isUnheard)
      return items.flatMap(({ kind, text: data }) => [...text.say(kind, data), ...text.endPart()]);
    return whole.startsWith(said)
      ? [...text.say('content', whole.slice(said.length)), ...text.endPart()]
      : [...text.settle(texts), ...text.endPart()];
  };

  const hearRaw = (data: Fields): readonly AgentEvent[] => {
    switch (data['type']) {
      case 'response_started':
        return phase === 'answering' ? beginAgain() : begin();
      case 'output_text_delta': {
        const events = begin();
        const isSame = data['itemId'] === answer.item;
        if (!isSame) answer = { ...answer, item: data['itemId'] };
        const said = isSame ? [] : text.endPart();
        return [...events, ...said, ...text.say('content', textOf(data['delta']))];
      }
      case 'model': {
        const pieces = toRawPieces(data['event']);
        const begun = pieces.length === 0 ? [] : begin();
        return [...begun, ...pieces.flatMap(hearPiece)];
      }
      case 'response_done': {
        const { output, usage } = fieldsOf(data['response']);
        const { inputTokens, outputTokens, totalTokens } = fieldsOf(usage);
        const used = toUsage({ input: inputTokens, output: outputTokens, total: totalTokens });
        const begun = begin();
        const events = [...begun, ...settle(listOf(output))];
        phase = 'answered';
        written.clear();
        return used === undefined ? events : [...events, { type: 'usage', usage: used }];
      }
      default:
        return [];
    }
  };

  const useTool = (rawItem: unknown): readonly AgentEvent[] => {
    const made = toToolItem(rawItem);
    if (made === undefined) return [];
    const { call, tool, input } = calls.use(made);
    const use = { type: 'tool_use' as const, call, tool, input, ...by };
    if (made.result === undefined) return [use];
    calls.close(made.id);
    const { output, isOk } = made.result;
    return [use, { type: 'tool_result', call, output, status: isOk ? 'ok' : 'error', ...by }];
  };

  const endTool = ({ rawItem, output }: Fields): readonly AgentEvent[] => {
    const id = textOf(fieldsOf(rawItem)['callId']);
    const closed = calls.close(id);
    if (closed === undefined) return [];
    phase = 'acted';
    const status = isDenied(id) || isFailedOutput(output) ? 'error' : 'ok';
    return [{ type: 'tool_result', call: closed.call, output, status, ...by }];
  };

  /** A message that no answer of the model had: the SDK made it, for a run that failed. */
  const hearMessage = (rawItem: unknown): readonly AgentEvent[] => {
    const { text: data } = toSpokenItem(rawItem);
    const { texts = [] } = answer;
    const index = texts.indexOf(data);
    if (index !== -1) {
      answer = { ...answer, texts: texts.toSpliced(index, 1) };
      return [];
    }
    phase = 'answered';
    return sayWhole(data);
  };

  return {
    calls,
    reason: () => answer.reason ?? 'end_turn',
    hasEnded: () => phase === 'answered' || phase === 'acted',
    say: (output) => (phase === 'acted' ? sayWhole(output) : []),
    hear(event) {
      const { type, data, name, item: made } = fieldsOf(event);
      if (type === 'raw_model_stream_event') return hearRaw(fieldsOf(data));
      const fields = fieldsOf(made);
      if (name === 'tool_called') return useTool(fields['rawItem']);
      if (name === 'tool_output') return endTool(fields);
      if (name === 'message_output_created') return hearMessage(fields['rawItem']);
      if (name !== 'handoff_occurred') return [];
      const [source, target] = [fields['sourceAgent'], fields['targetAgent']].map(
        (agent) => fieldsOf(agent)['name'],
      );
      return [{ type: 'custom', name: 'handoff', data: { source, target }, ...by }];
    },
  };
}
