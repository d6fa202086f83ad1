import { MockLanguageModelV4 } from 'ai/test';
import { toScriptedAnswer } from '../../../src/agents/ai-sdk/scripted-parts.fixture.ts';
import type { ScriptedLine } from '../../../src/agents/ai-sdk/scripted-parts.fixture.ts';

/** The model of the page. It calls the first tool that it has, and then says what it was told. */
export const model = new MockLanguageModelV4({
  doStream: ({ prompt, tools, abortSignal }) => {
    const last = prompt.at(-1);
    const name = last?.role === 'user' ? tools?.[0]?.name : undefined;
    const input = name === 'pay' ? { sum: 12 } : { city: 'Kyoto' };
    const told =
      last?.role === 'tool' && last.content[0]?.type === 'tool-result' ? last.content[0].output : undefined;
    const text = told?.type === 'text' ? told.value : JSON.stringify(prompt[0]?.content);
    const lines: ScriptedLine[] = name === undefined ? [{ text }] : [{ tool: name, id: 'call_0', input }];
    return toScriptedAnswer(lines, abortSignal);
  },
});
