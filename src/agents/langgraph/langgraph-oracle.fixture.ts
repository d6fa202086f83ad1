import { Command, interrupt, MemorySaver } from '@langchain/langgraph';
import { createAgent, createMiddleware, tool } from 'langchain';
import { fieldsOf, isApproved, reasonOf } from '../kit/index.ts';
import type { GivenMessage, Line, Oracle, ScriptedTool } from '../kit/oracle.fixture.ts';
import { langgraph } from './index.ts';
import { ScriptedChatModel } from './scripted-chat-model.fixture.ts';
import type { Said } from './scripted-chat-model.fixture.ts';

const forever = new Promise<never>(() => {});

/** A failure after which the agents ask their model again. */
export class BrokenError extends Error {}

/** Stages agents of `createAgent()`, with their own loop over a scripted model. */
export const langgraphOracle: Oracle = {
  busy: 'model_throttled',
  stage({ answers, tools = [] }) {
    const model = new ScriptedChatModel(...answers.map((lines) => lines.map(toSaid)));
    const agent = langgraph(
      ({ checkpointer }) =>
        createAgent({ model, tools: tools.map(toTool), checkpointer, middleware: [askAgain] }),
      { Command, MemorySaver },
    );
    return { agent, given: () => model.calls.map((messages) => messages.flatMap(toGiven)) };
  },
};

/** Asks a model that broke off once more. */
const askAgain = createMiddleware({
  name: 'AskAgain',
  async wrapModelCall(request, handler) {
    try {
      return await handler(request);
    } catch (error) {
      if (!(error instanceof BrokenError)) throw error;
      return handler(request);
    }
  },
});

export function toSaid(line: Line): Said {
  if ('broken' in line) return { fail: new BrokenError('broken') };
  if ('hang' in line) return { wait: forever };
  if (!('fail' in line)) return line;
  return { fail: Object.assign(new Error(line.words), line.fail === 'busy' && { status: 429 }) };
}

export function toTool({ name, asks, run }: ScriptedTool) {
  return tool(
    async function* (input: unknown, config) {
      const decision: unknown = asks === undefined ? true : interrupt(asks);
      if (!isApproved(decision)) return `denied: ${reasonOf(decision) ?? 'no reason'}`;
      return yield* run(input, config.signal ?? new AbortController().signal);
    },
    { name, description: name, schema: { type: 'object', properties: {}, additionalProperties: true } },
  );
}

/** Returns the texts and results of a message. Calls are left out. */
export function toGiven(message: { readonly type: string; readonly text: string }): readonly GivenMessage[] {
  const { type, text } = message;
  const role = type === 'human' ? 'user' : type === 'ai' ? 'assistant' : 'tool';
  return type === 'system' || (role === 'assistant' && text === '')
    ? []
    : [{ role, text: role === 'tool' ? String(fieldsOf(message)['content']) : text }];
}
