import { Agent, RunState, Runner } from '@openai/agents';
import { openaiAgents } from '../../src/agents/openai-agents/index.ts';
import { scriptedAnswers } from '../../src/agents/openai-agents/scripted-answers.fixture.ts';
import type { Library } from './library.ts';

const runner = new Runner({ tracingDisabled: true });

function createAgent(words: number): Agent {
  // The model sends a delta for each word.
  return new Agent({ name: 'A', model: scriptedAnswers([[{ text: 'word '.repeat(words) }]]) });
}

/** Agents of `@openai/agents`. */
export const openaiWords: Library = {
  name: 'openai-agents',
  adapter: 'openaiAgents',
  async readAlone(words) {
    let count = 0;
    for await (const event of await runner.run(createAgent(words), 'Hi', { stream: true }))
      if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta') count += 1;
    return count;
  },
  adapt: (words) => openaiAgents(() => ({ agent: createAgent(words), runner, RunState })),
};
