import {
  createFailure,
  fieldsOf,
  listOf,
  textOf,
  toAgentError,
  toStopReason,
  toUsage,
} from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import type { Heard } from '../heard.ts';
import type { Hearer } from '../remote-format.ts';
import { toContentText } from './content-text.ts';
import { createModelTools } from './model-tools.ts';
import { createUsageSum } from './usage-sum.ts';

/** Listens to the chunks of a chat completion. Only its first choice counts. */
export function listenToOpenai(): Hearer {
  const tools = createModelTools();
  const usageSum = createUsageSum();
  let hasBegun = false;
  let isFinished = false;

  const begin = (): readonly Heard[] => {
    if (hasBegun) return [];
    hasBegun = true;
    return [{ type: 'step_start' }];
  };

  const hearCall = (piece: unknown): readonly Heard[] => {
    const { index, id, function: given } = fieldsOf(piece);
    const { name, arguments: input } = fieldsOf(given);
    const key = typeof index === 'number' ? String(index) : textOf(id);
    const started = tools.has(key) ? [] : tools.start(key, textOf(id), textOf(name));
    return [...started, ...tools.addInput(key, textOf(input))];
  };

  const hearChoice = (choice: Fields): readonly Heard[] => {
    // A server that does not stream sends the whole message at once.
    const {
      content,
      reasoning_content: thought,
      reasoning,
      refusal,
      tool_calls: calls,
    } = fieldsOf(choice['delta'] ?? choice['message']);
    const reason = choice['finish_reason'];
    if (typeof reason === 'string') isFinished = true;
    return [
      ...toText('reasoning', textOf(thought) || textOf(reasoning)),
      ...toText('content', toContentText(content) || textOf(refusal)),
      ...listOf(calls).flatMap(hearCall),
      ...(typeof reason === 'string' ? [...tools.endAll(), toStop(reason)] : []),
    ];
  };

  return {
    hear({ json, text }) {
      if (text.trim() === '[DONE]') return [...tools.endAll(), { type: 'end' }];
      const chunk = fieldsOf(json);
      if (json === undefined || chunk['error'] !== undefined) return [toModelFailure(chunk['error'] ?? text)];
      const [choice] = listOf(chunk['choices']);
      const {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: total,
      } = fieldsOf(chunk['usage']);
      const usage = toUsage({ input, output, total });
      return [
        ...begin(),
        ...(choice === undefined ? [] : hearChoice(fieldsOf(choice))),
        ...(usage ? [{ type: 'usage', usage: usageSum.grow(usage) } as const] : []),
      ];
    },
    end: () => (isFinished ? [{ type: 'end' }] : []),
  };
}

function toText(type: 'content' | 'reasoning', data: string): readonly Heard[] {
  return data === '' ? [] : [{ type, data }];
}

const reasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
};

function toStop(reason: string): Heard {
  return { type: 'stop', reason: reasons[reason] ?? toStopReason(reason) };
}

/** Returns the failure for an error that a model's server sends in a stream. */
export function toModelFailure(error: unknown): Heard {
  const { message, code, status } = fieldsOf(error);
  const cause = new Error(textOf(message) || textOf(error) || 'The model sent an error.');
  if (code === 'context_length_exceeded')
    return { type: 'failed', error: createFailure('context_overflow', cause) };
  if (code === 'rate_limit_exceeded')
    return { type: 'failed', error: createFailure('model_throttled', cause) };
  const known = toAgentError(Object.assign(cause, { status: Number(status ?? code) }));
  return { type: 'failed', error: known === cause ? createFailure('model_failed', cause) : known };
}
