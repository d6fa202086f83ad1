import { Agent, RunState, Runner, tool } from '@openai/agents';
import type { Tool } from '@openai/agents';
import type { Oracle, ScriptedTool } from '../kit/oracle.fixture.ts';
import { openaiAgents } from './index.ts';
import type { OpenaiContext } from './index.ts';
import { givenTo, scriptedAnswers } from './scripted-answers.fixture.ts';

/** Stages agents of the SDK, with its own loop over a scripted model. */
export const openaiOracle: Oracle = {
  busy: 'model_throttled',
  stage({ answers, tools = [] }) {
    const model = scriptedAnswers(answers);
    const runner = new Runner({ tracingDisabled: true });
    const agent = openaiAgents(
      (context) => ({
        agent: new Agent({ name: 'A', model, tools: tools.map((each) => toTool(each, context)) }),
        runner,
        RunState,
      }),
      { reason: ({ tool: name }) => tools.find((each) => each.name === name)?.asks },
    );
    return { agent, given: () => givenTo(model) };
  },
};

function toTool({ name, asks, run }: ScriptedTool, { progress }: OpenaiContext): Tool {
  return tool({
    name,
    description: name,
    parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
    strict: false,
    needsApproval: asks !== undefined,
    async execute(input, _context, details) {
      const running = run(input, details?.signal ?? new AbortController().signal);
      for (;;) {
        const next = await running.next();
        if (next.done === true) return next.value;
        progress(details, next.value);
      }
    },
  });
}
