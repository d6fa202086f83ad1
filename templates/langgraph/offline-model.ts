import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import type { ChatResult } from '@langchain/core/outputs';

/** A model that needs no key and no network. It does what the last message asks, by a few rules. */
export class OfflineModel extends BaseChatModel {
  constructor() {
    super({});
  }

  override _llmType(): string {
    return 'offline';
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const [first = toChunk({ content: '' }), ...rest] = answer(messages);
    return { generations: [rest.reduce((whole, chunk) => whole.concat(chunk), first)] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    _options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for (const chunk of answer(messages)) {
      await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }
}

function answer(messages: BaseMessage[]): ChatGenerationChunk[] {
  const last = messages.at(-1);
  const said = decide(
    HumanMessage.isInstance(last) ? last.text : '',
    ToolMessage.isInstance(last) ? last.text : undefined,
  );
  if ('text' in said) return (said.text.match(/\S+\s*/g) ?? []).map((content) => toChunk({ content }));
  const args = JSON.stringify({ order: said.order });
  const id = `call-${messages.length}`;
  return [
    toChunk({
      content: '',
      tool_call_chunks: [{ type: 'tool_call_chunk', index: 0, id, name: said.tool, args }],
    }),
  ];
}

function toChunk(fields: ConstructorParameters<typeof AIMessageChunk>[0]): ChatGenerationChunk {
  const message = new AIMessageChunk(fields);
  return new ChatGenerationChunk({ text: message.text, message });
}

function decide(question: string, result?: string): { text: string } | { tool: string; order: string } {
  if (result !== undefined) return { text: result.startsWith('Order') ? result : 'Nothing is paid back.' };
  const [order] = /\d+/.exec(question) ?? [];
  if (order === undefined) return { text: 'Ask me where order 17 is, or to pay order 17 back.' };
  return { tool: /back/i.test(question) ? 'pay_back' : 'find_order', order };
}
