import { MemorySaver } from '@langchain/langgraph';
import { AIMessageChunk, createAgent } from 'langchain';
import type { Agent } from '../../src/protocol/index.ts';
import { ScriptedChatModel } from '../../src/agents/langgraph/scripted-chat-model.fixture.ts';
import { adapt } from '../../src/agents/langgraph/staged-graph.fixture.ts';
import type { Library } from './library.ts';

function createWriter(words: number, checkpointer: MemorySaver) {
  // The model sends a chunk for each word.
  const model = new ScriptedChatModel([{ text: 'word '.repeat(words) }]);
  return createAgent({ model, tools: [], checkpointer });
}

/** Agents of `langchain`, with a memory. */
export const langgraphWords: Library = {
  name: 'langgraph',
  adapter: 'langgraph',
  async readAlone(words) {
    let count = 0;
    const stream = await createWriter(words, new MemorySaver()).stream(
      { messages: [{ role: 'user', content: 'Hi' }] },
      { streamMode: 'messages', configurable: { thread_id: 't' } },
    );
    for await (const [message] of stream) if (AIMessageChunk.isInstance(message)) count += 1;
    return count;
  },
  adapt: (words): Agent => adapt((checkpointer) => createWriter(words, checkpointer)),
};
