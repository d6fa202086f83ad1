import { ScriptedChatModel } from '../../../src/agents/langgraph/scripted-chat-model.fixture.ts';
import type { Said } from '../../../src/agents/langgraph/scripted-chat-model.fixture.ts';

const calls: Readonly<Record<string, Said>> = {
  'Weather?': { tool: 'weather', id: 'call_0', input: { city: 'Kyoto' } },
  'Pay 12': { tool: 'pay', id: 'call_0', input: { sum: 12 } },
};

/** The model of the page. It calls the tool that the message is about, or repeats the last message. */
export const model = new ScriptedChatModel((messages) => {
  const text = messages.at(-1)?.text ?? '';
  return [calls[text] ?? { text }];
});
