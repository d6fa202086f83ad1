import { Usage } from '@openai/agents';
import type { Model, ModelRequest, ModelResponse, protocol, StreamEvent } from '@openai/agents';

/** A model that needs no key and no network. It does what the last message asks, by a few rules. */
export const offlineModel: Model = {
  async getResponse({ input }): Promise<ModelResponse> {
    return { usage: new Usage(), output: [toItem(answer(input), input.length)] };
  },

  async *getStreamedResponse({ input }): AsyncGenerator<StreamEvent> {
    const said = answer(input);
    yield { type: 'response_started' };
    for (const delta of 'text' in said ? (said.text.match(/\S+\s*/g) ?? []) : [])
      yield { type: 'output_text_delta', delta };
    const usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
    const output = [toItem(said, input.length)];
    yield { type: 'response_done', response: { id: `response-${input.length}`, output, usage } };
  },
};

type Said = { text: string } | { tool: string; order: string };

function answer(input: ModelRequest['input']): Said {
  if (typeof input === 'string') return decide(input);
  const last = input.at(-1);
  if (last?.type === 'function_call_result') return decide('', toText(last.output));
  return decide(last !== undefined && 'content' in last ? toText(last.content) : '');
}

function toItem(said: Said, number: number): protocol.AssistantMessageItem | protocol.FunctionCallItem {
  if ('text' in said) {
    const content = [{ type: 'output_text' as const, text: said.text }];
    return { type: 'message', id: `message-${number}`, role: 'assistant', status: 'completed', content };
  }
  const { tool: name, order } = said;
  const call = { callId: `call-${number}`, name, arguments: JSON.stringify({ order }) };
  return { type: 'function_call', status: 'completed', ...call };
}

/** Reads the text of a message or of a result: a text, a part, or a list of parts. */
function toText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(toText).join('');
  return typeof content === 'object' && content !== null && 'text' in content ? String(content.text) : '';
}

function decide(question: string, result?: string): Said {
  if (result !== undefined) return { text: result.startsWith('Order') ? result : 'Nothing is paid back.' };
  const [order] = /\d+/.exec(question) ?? [];
  if (order === undefined) return { text: 'Ask me where order 17 is, or to pay order 17 back.' };
  return { tool: /back/i.test(question) ? 'pay_back' : 'find_order', order };
}
