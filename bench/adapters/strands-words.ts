import { Agent } from '@strands-agents/sdk';
import { strands } from '../../src/agents/strands/index.ts';
import { ScriptedModel } from '../../src/agents/strands/scripted-model.fixture.ts';
import type { Library } from './library.ts';

function createAgent(words: number): Agent {
  // The model sends a delta for each word.
  const model = new ScriptedModel([{ text: 'word '.repeat(words) }]);
  return new Agent({ model, printer: false });
}

/** Agents of `@strands-agents/sdk`. */
export const strandsWords: Library = {
  name: 'strands',
  adapter: 'strands',
  async readAlone(words) {
    let count = 0;
    for await (const event of createAgent(words).stream('Hi')) {
      const isText =
        event.type === 'modelStreamUpdateEvent' &&
        event.event.type === 'modelContentBlockDeltaEvent' &&
        event.event.delta.type === 'textDelta';
      if (isText) count += 1;
    }
    return count;
  },
  adapt: (words) => strands(() => createAgent(words)),
};
