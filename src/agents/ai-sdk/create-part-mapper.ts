import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, mintApproval, textOf, jsonTextOf, toStopReason, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { WaitingCall } from './ai-sdk-memory.ts';
import type { PartCalls } from './part-calls.ts';
import { createStepParts } from './step-parts.ts';

/** Converts the parts that the SDK streams in one turn to Heddle's events. */
export interface PartMapper {
  /** Returns the events for one part. Throws a TypeError if a tool ran ahead of the log. */
  map(part: Fields): readonly AgentEvent[];
  /** Returns the events that make the step's text equal to its finished content. */
  settle(content: readonly unknown[]): readonly AgentEvent[];
  /** The approvals that the parts asked for. */
  readonly asked: readonly AskedApproval[];
  /** How the stream failed: the first error that a part told, or the part that says that the SDK stopped. */
  failure(): { readonly error: unknown } | undefined;
}

/** An approval that is asked for, and its reason. */
interface AskedApproval {
  readonly waits: WaitingCall;
  readonly reason: unknown;
}

/** `denials` are the reasons of the user for the calls that were denied, by the SDK's ids. */
export function createPartMapper(calls: PartCalls, denials: ReadonlyMap<string, string>): PartMapper {
  const text = createStepParts();
  const asked: AskedApproval[] = [];
  let failure: { readonly error: unknown } | undefined;

  const fail = (error: unknown): readonly AgentEvent[] => {
    failure ??= { error };
    return [];
  };

  const ask = ({ approvalId, toolCall, reason }: Fields): readonly AgentEvent[] => {
    const { toolCallId, toolName, title, input, providerExecuted } = fieldsOf(toolCall);
    const [id, tool] = [textOf(toolCallId), textOf(toolName)];
    const call = calls.nameOf(id);
    if (call === undefined) return [];
    const approval = mintApproval();
    const byProvider = providerExecuted === true && { providerExecuted };
    const waits = { approval, vendorApproval: textOf(approvalId), id, call, tool, input, ...byProvider };
    asked.push({ waits, reason: textOf(reason) || textOf(title) || tool });
    return [];
  };

  const finish = ({ finishReason }: Fields): readonly AgentEvent[] => {
    if (finishReason === 'error') fail(undefined);
    return [{ type: 'stop', reason: toStopReason(finishReason) }];
  };

  /** Not every version tells the result of such a call. The others tell it after this. */
  const denyByPolicy = ({ toolCall, reason }: Fields): readonly AgentEvent[] =>
    calls.result(textOf(fieldsOf(toolCall)['toolCallId']), toDenied(textOf(reason)), 'error');

  return {
    asked,
    failure: () => failure,
    settle: (content) => text.settle(content),
    map(part) {
      const id = textOf(part['id']);
      const callId = textOf(part['toolCallId']);
      switch (part['type']) {
        case 'text-delta':
          return text.say('content', id, textOf(part['text']));
        case 'reasoning-delta':
          return text.say('reasoning', id, textOf(part['text']));
        case 'text-start':
          text.start('content', id);
          return [];
        case 'reasoning-start':
          text.start('reasoning', id);
          return [];
        case 'text-end':
          return text.end('content', id);
        case 'reasoning-end':
          return text.end('reasoning', id);
        case 'start-step':
          text.reset();
          return [{ type: 'step_start' }];
        case 'finish-step':
          return [...toUsageEvent(part['usage']), { type: 'step_end' }];
        case 'tool-input-start':
          return calls.start(id, textOf(part['toolName']));
        case 'tool-input-delta':
          return calls.input(id, textOf(part['delta']));
        case 'tool-call':
          return calls.use(part);
        case 'tool-result':
          return part['preliminary'] === true
            ? calls.progress(callId, part['output'] ?? null)
            : calls.result(callId, part['output'], 'ok');
        case 'tool-error':
          return calls.result(callId, wordsOf(part['error']), 'error');
        case 'tool-output-denied':
          return calls.result(callId, toDenied(denials.get(callId)), 'error');
        case 'tool-approval-request':
          return part['isAutomatic'] === true ? [] : ask(part);
        case 'tool-approval-response':
          return part['approved'] === false ? denyByPolicy(part) : [];
        case 'source':
          return [{ type: 'custom', name: 'source', data: toSource(part) }];
        case 'file':
        case 'reasoning-file':
          return [{ type: 'custom', name: 'file', data: toFile(part['file']) }];
        case 'custom':
          return [{ type: 'custom', name: 'custom', data: { kind: part['kind'] } }];
        case 'finish':
          return finish(part);
        case 'error':
          return fail(part['error']);
        case 'abort':
          // The user's own bound, because a cancelled turn listens no more.
          return fail(part);
        default:
          return [];
      }
    },
  };
}

function toUsageEvent(counts: unknown): readonly AgentEvent[] {
  const { inputTokens, outputTokens, totalTokens } = fieldsOf(counts);
  const usage = toUsage({ input: inputTokens, output: outputTokens, total: totalTokens });
  return usage === undefined ? [] : [{ type: 'usage', usage }];
}

/** Returns the words of a tool's error that the model is given too. */
function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : (jsonTextOf(error) ?? 'unknown error');
}

function toDenied(reason: string | undefined): string {
  return reason === undefined || reason === '' ? 'denied' : `denied: ${reason}`;
}

function toSource({ id, sourceType, url, title, mediaType, filename }: Fields): object {
  return { id, source_type: sourceType, url, title, media_type: mediaType, filename };
}

function toFile(file: unknown): object {
  const { mediaType, base64 } = fieldsOf(file);
  return { media_type: mediaType, data: base64 };
}
