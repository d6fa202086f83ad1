import { ToolLoopAgent } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { aiSdkAgent } from '../../src/agents/ai-sdk/index.ts';
import { toScriptedAnswer } from '../../src/agents/ai-sdk/scripted-parts.fixture.ts';
import type { Library } from './library.ts';

function createAgent(words: number): ToolLoopAgent {
  const text = 'word '.repeat(words);
  // The model sends a delta for each word.
  const model = new MockLanguageModelV4({
    doStream: ({ abortSignal }) => toScriptedAnswer([{ text }], abortSignal),
  });
  return new ToolLoopAgent({ model, onError: () => {} });
}

/** Agents of `ai`, version 7. */
export const aiSdkWords: Library = {
  name: 'ai-sdk',
  adapter: 'aiSdkAgent',
  async readAlone(words) {
    let count = 0;
    const { stream } = await createAgent(words).stream({ prompt: 'Hi' });
    for await (const { type } of stream) if (type === 'text-delta') count += 1;
    return count;
  },
  adapt: (words) => aiSdkAgent(() => createAgent(words)),
};
