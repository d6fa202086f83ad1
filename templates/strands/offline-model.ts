import { Model } from '@strands-agents/sdk';
import type { BaseModelConfig, Message, ModelStreamEvent } from '@strands-agents/sdk';

/** A model that needs no key and no network. It does what the last message asks, by a few rules. */
export class OfflineModel extends Model {
  override updateConfig(): void {}

  override getConfig(): BaseModelConfig {
    return { modelId: 'offline' };
  }

  override async *stream(messages: Message[]): AsyncGenerator<ModelStreamEvent> {
    const { content = [] } = messages.at(-1) ?? {};
    const [text = ''] = content.flatMap((block) => (block.type === 'textBlock' ? block.text : []));
    const [result] = content
      .flatMap((block) => (block.type === 'toolResultBlock' ? block.content : []))
      .flatMap((block) => (block.type === 'textBlock' ? block.text : []));
    const said = decide(text, result);

    yield { type: 'modelMessageStartEvent', role: 'assistant' };
    if ('tool' in said) {
      const toolUseId = `call-${messages.length}`;
      yield {
        type: 'modelContentBlockStartEvent',
        start: { type: 'toolUseStart', name: said.tool, toolUseId },
      };
      const input = JSON.stringify({ order: said.order });
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'toolUseInputDelta', input } };
    } else {
      yield { type: 'modelContentBlockStartEvent' };
      for (const word of said.text.match(/\S+\s*/g) ?? [])
        yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'textDelta', text: word } };
    }
    yield { type: 'modelContentBlockStopEvent' };
    yield { type: 'modelMessageStopEvent', stopReason: 'tool' in said ? 'toolUse' : 'endTurn' };
  }
}

function decide(question: string, result?: string): { text: string } | { tool: string; order: string } {
  if (result !== undefined) return { text: result.startsWith('Order') ? result : 'Nothing is paid back.' };
  const [order] = /\d+/.exec(question) ?? [];
  if (order === undefined) return { text: 'Ask me where order 17 is, or to pay order 17 back.' };
  return { tool: /back/i.test(question) ? 'pay_back' : 'find_order', order };
}
