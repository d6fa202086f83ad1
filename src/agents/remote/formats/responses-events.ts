import { fieldsOf, textOf, toStopReason, toUsage } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import type { Heard } from '../heard.ts';
import type { Hearer } from '../remote-format.ts';
import { createModelTools } from './model-tools.ts';
import { toModelFailure } from './openai-chunks.ts';

/** Listens to the events of OpenAI Responses. */
export function listenToResponses(): Hearer {
  const tools = createModelTools();

  const hearItem = (event: Fields, isDone: boolean): readonly Heard[] => {
    const { type, id, call_id: call, name, arguments: input } = fieldsOf(event['item']);
    if (type !== 'function_call') return [];
    const key = textOf(id) || textOf(call);
    const started = tools.has(key) ? [] : tools.start(key, textOf(call) || key, textOf(name));
    return isDone ? [...started, ...tools.end(key, textOf(input) || undefined)] : started;
  };

  const hearEnd = (response: Fields, reason: string): readonly Heard[] => {
    const { input_tokens: input, output_tokens: output, total_tokens: total } = fieldsOf(response['usage']);
    const usage = toUsage({ input, output, total });
    return [
      ...tools.endAll(),
      ...(usage ? [{ type: 'usage', usage } as const] : []),
      { type: 'stop', reason },
      { type: 'end' },
    ];
  };

  return {
    hear({ json, text }) {
      const event = fieldsOf(json);
      const delta = textOf(event['delta']);
      switch (event['type']) {
        case 'response.created':
          return [{ type: 'step_start' }];
        case 'response.output_text.delta':
        case 'response.refusal.delta':
          return delta === '' ? [] : [{ type: 'content', data: delta }];
        case 'response.content_part.done':
          return [{ type: 'content_end' }];
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          return delta === '' ? [] : [{ type: 'reasoning', data: delta }];
        case 'response.reasoning_summary_part.done':
          return [{ type: 'reasoning_end' }];
        case 'response.output_item.added':
          return hearItem(event, false);
        case 'response.output_item.done':
          return hearItem(event, true);
        case 'response.function_call_arguments.delta':
          return tools.addInput(textOf(event['item_id']), delta);
        case 'response.completed':
          return hearEnd(fieldsOf(event['response']), 'end_turn');
        case 'response.incomplete':
          return hearEnd(fieldsOf(event['response']), toReason(fieldsOf(event['response'])));
        case 'response.failed':
          return [toModelFailure(fieldsOf(event['response'])['error'])];
        case 'error':
          return [toModelFailure(event['error'] ?? event)];
        default:
          if (event['error'] !== undefined) return [toModelFailure(event['error'])];
          return json === undefined && text.trim() !== '[DONE]' ? [toModelFailure(text)] : [];
      }
    },
    end: () => [],
  };
}

function toReason(response: Fields): string {
  const { reason } = fieldsOf(response['incomplete_details']);
  return reason === 'max_output_tokens' ? 'max_tokens' : toStopReason(reason);
}
