import type { AgentEvent, Usage } from '../../protocol/index.ts';
import { createText, fieldsOf, listOf, textOf, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { createSpeakerCalls } from './create-calls.ts';
import type { SpeakerCall } from './create-calls.ts';
import { toToolOutput } from './to-tool-output.ts';

/** One agent that speaks in a turn: the outer one, or an inner one with its path. */
export interface Speaker {
  /**
   * Returns the events for one event of the SDK's loop. Accepts any event in any order; returns none if the
   * event makes no sense.
   */
  hear(event: Fields): readonly AgentEvent[];
  /** Returns the events for those texts of a result that no speaker has said yet. */
  add(texts: readonly string[]): readonly AgentEvent[];
  /** Returns the open call with that id. Without an id, returns the running call if there is exactly one. */
  call(vendorId?: string): SpeakerCall | undefined;
  calls(): readonly SpeakerCall[];
  /** The texts of its last step. */
  said(): readonly string[];
}

export interface SpeakerOptions {
  readonly path: readonly string[];
  readonly nameFor: (vendorId: string) => string;
  /** Whether the turn was cancelled. */
  readonly isCancelled: () => boolean;
  /** Whether some speaker's last step contains this text. */
  readonly isHeard: (text: string) => boolean;
  /** Whether the call had its result in the turn before this one, which this turn continues. */
  readonly isDone: (vendorId: string) => boolean;
}

/**
 * The tool through which the SDK collects structured output. Its result is reported as structured output, not
 * as a call.
 */
const structuredOutput = 'strands_structured_output';

export function createSpeaker({ path, nameFor, isCancelled, isHeard, isDone }: SpeakerOptions): Speaker {
  const by = path.length > 0 ? { agent: path } : {};
  const text = createText(by);
  const calls = createSpeakerCalls(nameFor);
  let inStep = false;
  let called = false;
  let interrupted = false;
  let block: SpeakerCall | 'hidden' | undefined;
  /** The content blocks that were already reported as calls. */
  const told = new WeakSet<object>();
  let usage: Usage | undefined;

  const startStep = (): readonly AgentEvent[] => {
    inStep = true;
    text.reset();
    return [{ type: 'step_start', ...by }];
  };

  const endStep = (): readonly AgentEvent[] => {
    if (!inStep) return [];
    inStep = false;
    block = undefined;
    return [...text.endPart(), { type: 'step_end', ...by }];
  };

  const ensureStep = (): readonly AgentEvent[] => (inStep ? [] : startStep());

  const cancelCalls = (): readonly AgentEvent[] =>
    calls.pending().map(({ call, vendorId }) => {
      calls.close(vendorId);
      return { type: 'tool_result', call, output: null, status: 'cancelled', ...by };
    });

  const openCall = (vendorId: string, tool: string): readonly AgentEvent[] => {
    // A call that was never completed will never get its result.
    const old = calls.findWriting(vendorId);
    const ended: readonly AgentEvent[] = old
      ? [{ type: 'tool_result', call: old.call, output: null, status: 'cancelled', ...by }]
      : [];
    if (old) calls.close(old.vendorId);
    const { call } = calls.open(vendorId, tool);
    return [...ended, ...text.endPart(), { type: 'tool_use_start', call, tool, ...by }];
  };

  const completeCall = (toolUse: Fields): readonly AgentEvent[] => {
    const tool = textOf(toolUse['name']);
    if (tool === structuredOutput) return [];
    if (told.has(toolUse)) return [];
    told.add(toolUse);
    const vendorId = textOf(toolUse['toolUseId']);
    const writing = calls.findWriting(vendorId);
    const opened = writing ? [] : openCall(vendorId, tool);
    const call = writing ?? calls.findWriting(vendorId);
    if (call === undefined) return opened;
    call.ready = true;
    giveId(toolUse, call);
    return [
      ...opened,
      { type: 'tool_use', call: call.call, tool: call.tool, input: toolUse['input'] ?? {}, ...by },
    ];
  };

  const isKnown = (vendorId: string): boolean => calls.find(vendorId) !== undefined || isDone(vendorId);

  const result = (toolResult: Fields): readonly AgentEvent[] => {
    const vendorId = textOf(toolResult['toolUseId']);
    const call =
      calls.find(vendorId) ?? calls.pending().find(({ given, ready }) => ready && given === vendorId);
    if (call === undefined) return [];
    calls.close(call.vendorId);
    const output = toToolOutput(toolResult['content']);
    const status = toolResult['status'] === 'success' ? 'ok' : isCancelled() ? 'cancelled' : 'error';
    return [{ type: 'tool_result', call: call.call, output, status, ...by }];
  };

  const startBlock = (start: Fields): readonly AgentEvent[] => {
    const ended = text.endPart();
    block = undefined;
    if (start['type'] !== 'toolUseStart') return ended;
    const tool = textOf(start['name']);
    if (tool === structuredOutput) {
      block = 'hidden';
      return ended;
    }
    const vendorId = textOf(start['toolUseId']);
    const opened = openCall(vendorId, tool);
    block = calls.findWriting(vendorId);
    giveId(start, block);
    return [...ended, ...opened];
  };

  const sayInput = (data: string): readonly AgentEvent[] => {
    if (typeof block !== 'object' || data === '') return [];
    const isOpen = calls.find(block.vendorId) === block && !block.ready;
    return isOpen ? [{ type: 'tool_use_input', call: block.call, data, ...by }] : [];
  };

  const delta = (piece: Fields): readonly AgentEvent[] => {
    switch (piece['type']) {
      case 'textDelta':
        return text.say('content', textOf(piece['text']));
      case 'reasoningContentDelta':
        return text.say('reasoning', textOf(piece['text']));
      case 'toolUseInputDelta':
        return sayInput(textOf(piece['input']));
      case 'citationsDelta': {
        const said = listOf(piece['content']).flatMap((each) =>
          text.say('content', textOf(fieldsOf(each)['text'])),
        );
        return [...said, { type: 'custom', name: 'citations', data: listOf(piece['citations']), ...by }];
      }
      default:
        return [];
    }
  };

  const hearModel = (event: Fields): readonly AgentEvent[] => {
    switch (event['type']) {
      case 'modelContentBlockStartEvent':
        return startBlock(fieldsOf(event['start']));
      case 'modelContentBlockDeltaEvent':
        return delta(fieldsOf(event['delta']));
      case 'modelContentBlockStopEvent':
        block = undefined;
        return text.endPart();
      case 'modelMetadataEvent':
        // The last usage of a call counts, as it does for the SDK.
        usage = usageOf(event) ?? usage;
        return [];
      case 'modelRedactionEvent': {
        const { inputRedaction, outputRedaction } = event;
        const input = fieldsOf(inputRedaction)['replaceContent'];
        const output = fieldsOf(outputRedaction)['replaceContent'];
        return [
          ...(typeof input === 'string'
            ? [{ type: 'custom', name: 'input_redaction', data: input, ...by } as const]
            : []),
          ...(typeof output === 'string' ? text.settle([output]) : []),
        ];
      }
      default:
        return [];
    }
  };

  const tellUsage = (): readonly AgentEvent[] => {
    const told = usage;
    usage = undefined;
    return told ? [{ type: 'usage', usage: told, ...by }] : [];
  };

  const add = (texts: readonly string[]): readonly AgentEvent[] => {
    const unheard = texts.filter((each) => each.trim() !== '' && !isHeard(each));
    if (unheard.length === 0) return [];
    return [
      ...startStep(),
      ...unheard.flatMap((each) => [...text.say('content', each), ...text.endPart()]),
      ...endStep(),
    ];
  };

  /** Handles a message that the SDK keeps. It decides what the text of its step is. */
  const keep = (message: Fields, isCancelledNow: boolean): readonly AgentEvent[] => {
    const blocks = listOf(message['content']).map(fieldsOf);
    const results = blocks.filter(({ type }) => type === 'toolResultBlock');
    if (message['role'] === 'user')
      return results.length > 0 ? [...results.flatMap(result), ...endStep()] : [];
    // "Cancelled by user" is the SDK's text for the model. Messages before the first model call are history.
    if (!called || isCancelledNow) return [];
    const texts = textsOf(message);
    const said = inStep ? text.settle(texts) : add(texts);
    return blocks.some(({ type }) => type === 'toolUseBlock') ? said : [...said, ...endStep()];
  };

  const hear = (event: Fields): readonly AgentEvent[] => {
    switch (event['type']) {
      case 'beforeModelCallEvent': {
        called = true;
        // The SDK did not keep this step's answer: a failed call is retried, or structured output was
        // required and prose came.
        const dropped = inStep ? [...text.discard(), ...cancelCalls(), ...endStep()] : [];
        return [...dropped, ...startStep()];
      }
      case 'modelStreamUpdateEvent':
        called = true;
        return [...ensureStep(), ...hearModel(fieldsOf(event['event']))];
      case 'contentBlockEvent': {
        const content = fieldsOf(event['contentBlock']);
        return content['type'] === 'toolUseBlock' ? [...ensureStep(), ...completeCall(content)] : [];
      }
      case 'modelMessageEvent': {
        const message = fieldsOf(event['message']);
        const toolUses = listOf(message['content'])
          .map(fieldsOf)
          .filter(({ type }) => type === 'toolUseBlock');
        return [...ensureStep(), ...text.settle(textsOf(message)), ...toolUses.flatMap(completeCall)];
      }
      case 'beforeToolsEvent': {
        // A run that continues after an approval starts here. Its calls are reported again, because they end
        // in this turn.
        const resumed = listOf(fieldsOf(event['message'])['content'])
          .map(fieldsOf)
          .filter(({ type, toolUseId }) => type === 'toolUseBlock' && !isKnown(textOf(toolUseId)));
        return resumed.length > 0 ? [...ensureStep(), ...resumed.flatMap(completeCall)] : [];
      }
      case 'afterModelCallEvent':
        return [...text.endPart(), ...tellUsage()];
      case 'toolResultEvent':
        return result(fieldsOf(event['result']));
      case 'messageAddedEvent': {
        const { aborted } = fieldsOf(fieldsOf(event['agent'])['cancelSignal']);
        return keep(fieldsOf(event['message']), isCancelled() || aborted === true);
      }
      case 'interruptEvent':
        interrupted = true;
        return [];
      case 'afterInvocationEvent':
        // Calls that wait for an approval stay open. The end of the turn decides what becomes of them.
        return [...(interrupted ? [] : cancelCalls()), ...endStep(), ...tellUsage()];
      default:
        return [];
    }
  };

  return {
    hear,
    add,
    call(vendorId) {
      if (vendorId !== undefined) return calls.find(vendorId);
      const running = calls.pending().filter(({ ready }) => ready);
      return running.length === 1 ? running[0] : undefined;
    },
    calls: () => calls.pending(),
    said: () => text.said(),
  };
}

/** Returns the texts of a message; none if it has citations, whose text was streamed with them. */
export function textsOf(message: Fields): readonly string[] {
  const blocks = listOf(message['content']).map(fieldsOf);
  if (blocks.some(({ type }) => type === 'citationsBlock')) return [];
  return blocks.filter(({ type }) => type === 'textBlock').map(({ text }) => textOf(text));
}

/**
 * Writes a call's id into the SDK's object before the SDK reads it. The SDK tells calls apart only by their
 * ids: if two calls had one id, the model would get one result twice.
 */
function giveId(toolUse: Fields, call: SpeakerCall | undefined): void {
  if (call !== undefined && call.vendorId !== toolUse['toolUseId'])
    Reflect.set(toolUse, 'toolUseId', call.vendorId);
}

function usageOf(event: Fields): Usage | undefined {
  const { inputTokens: input, outputTokens: output, totalTokens: total } = fieldsOf(event['usage']);
  return toUsage({ input, output, total });
}
