import { ScriptedModel, assistantMessage, functionCall } from '@openai/agents/testing';
import type { Model } from '@openai/agents';
import { fieldsOf, listOf, textOf } from '../../../src/agents/kit/index.ts';

/** The model of the page calls the first tool or handoff that it has, and then says what it was told. */
export const model: Model = {
  getResponse: (request) => scripted(request).getResponse(request),
  getStreamedResponse: (request) => scripted(request).getStreamedResponse(request),
};

function scripted({ input, tools, handoffs }: Parameters<Model['getResponse']>[0]): ScriptedModel {
  const last = fieldsOf(listOf(input).at(-1));
  const told = textOf(fieldsOf(last['output'])['text']);
  const [tool] = tools;
  const name = handoffs[0]?.toolName ?? (tool?.type === 'function' ? tool.name : '');
  const args = name === 'pay' ? { sum: 12 } : name === 'weather' ? { city: 'Kyoto' } : { input: 'Paris' };
  const isTold = last['type'] === 'function_call_result' && !textOf(last['name']).startsWith('transfer_to_');
  const asks = !isTold && name !== '';
  const answer = asks
    ? functionCall(name, name.startsWith('transfer_to_') ? {} : args, { callId: crypto.randomUUID() })
    : assistantMessage(told === '' ? `I heard: ${textOf(last['content'])}` : told);
  return new ScriptedModel([[answer]]);
}
