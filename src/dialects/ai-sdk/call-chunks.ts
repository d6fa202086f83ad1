import type { SpokenEvent } from '../../protocol/index.ts';
import type { MessageCalls } from './message-calls.ts';
import type { UiChunk } from './chunk.ts';
import { isInner } from './part-chunks.ts';
import type { Steps } from './steps.ts';

/** Events about tool calls, without approvals. */
export type CallEvent = Exclude<
  Extract<SpokenEvent, { readonly call: string }>,
  { readonly approval: string }
>;

/** Returns a function that turns these events into chunks. */
export function createCallChunks(
  steps: Steps,
  calls: MessageCalls,
): (event: CallEvent) => readonly UiChunk[] {
  const providerExecuted = true;
  return (event) => {
    const { turn, call: name } = event;
    const call =
      event.type === 'tool_use_start' ? calls.begin(turn, name, event.tool) : calls.find(turn, name);
    if (call === undefined) return [];
    const { id: toolCallId, isBack } = call;
    // The input of a call that comes again after its approval stands in the message already.
    switch (event.type) {
      case 'tool_use_start': {
        if (isBack) return [];
        const before = steps.beforeCall(toolCallId, isInner(event));
        return [...before, { type: 'tool-input-start', toolCallId, toolName: event.tool, providerExecuted }];
      }
      case 'tool_use_input':
        return isBack ? [] : [{ type: 'tool-input-delta', toolCallId, inputTextDelta: event.data }];
      case 'tool_use': {
        const { tool: toolName, input, agent } = event;
        call.input = input;
        if (isBack) return [];
        const more = agent && { providerMetadata: { heddle: { agent } } };
        return [{ type: 'tool-input-available', toolCallId, toolName, input, providerExecuted, ...more }];
      }
      case 'tool_progress': {
        const { data: output } = event;
        return [{ type: 'tool-output-available', toolCallId, output, preliminary: true, providerExecuted }];
      }
      case 'tool_result': {
        // A call that is asked about waits: the engine closes it when the turn ends.
        if (event.status === 'cancelled' && calls.asked.includes(call)) return [];
        steps.close(toolCallId);
        return [toResult(toolCallId, event)];
      }
    }
  };
}

type Result = Extract<SpokenEvent, { readonly type: 'tool_result' }>;

function toResult(toolCallId: string, { status, output }: Result): UiChunk {
  if (status === 'ok') return { type: 'tool-output-available', toolCallId, output, providerExecuted: true };
  const errorText = status === 'cancelled' ? 'cancelled' : toErrorText(output);
  return { type: 'tool-output-error', toolCallId, errorText, providerExecuted: true };
}

function toErrorText(output: unknown): string {
  return typeof output === 'string' ? output : (JSON.stringify(output) ?? 'error');
}
