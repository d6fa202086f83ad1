import {
  Agent,
  ConstantBackoff,
  DefaultModelRetryStrategy,
  ModelThrottledError,
  tool,
} from '@strands-agents/sdk';
import type { Tool } from '@strands-agents/sdk';
import { z } from 'zod';
import { fieldsOf, isApproved, listOf, reasonOf, textOf } from '../kit/index.ts';
import type { GivenMessage, Line, Oracle, ScriptedTool } from '../kit/oracle.fixture.ts';
import { strands } from './index.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';
import type { Said } from './scripted-model.fixture.ts';

const forever = new Promise<never>(() => {});

/** Stages agents of the SDK, with its own loop over a scripted model. */
export const strandsOracle: Oracle = {
  busy: 'model_throttled',
  stage({ answers, tools = [] }) {
    const model = new ScriptedModel(...answers.map((lines) => lines.map(toSaid)));
    const agent = strands(
      () =>
        new Agent({
          model,
          tools: tools.map(toTool),
          printer: false,
          retryStrategy: new DefaultModelRetryStrategy({ backoff: new ConstantBackoff({ delayMs: 0 }) }),
        }),
    );
    return { agent, given: () => model.calls.map((messages) => messages.flatMap(toGiven)) };
  },
};

function toSaid(line: Line): Said {
  if ('broken' in line) return { fail: new ModelThrottledError('slow down') };
  if ('hang' in line) return { wait: forever };
  if (!('fail' in line)) return line;
  return { fail: Object.assign(new Error(line.words), line.fail === 'busy' && { status: 429 }) };
}

function toTool({ name, asks, run }: ScriptedTool): Tool {
  return tool({
    name,
    description: name,
    inputSchema: z.looseObject({}),
    async *callback(input, context) {
      const decision = asks === undefined ? true : context?.interrupt({ name: 'confirm', reason: asks });
      if (!isApproved(decision)) return `denied: ${reasonOf(decision) ?? 'no reason'}`;
      return yield* run(input, context?.cancelSignal ?? new AbortController().signal);
    },
  });
}

/** Returns the texts and results of a message. Calls are left out. */
function toGiven(message: unknown): readonly GivenMessage[] {
  const { role, content } = fieldsOf(message);
  return listOf(content)
    .map(fieldsOf)
    .flatMap(({ text, toolResult }): readonly GivenMessage[] => {
      if (toolResult !== undefined)
        return [{ role: 'tool', text: listOf(fieldsOf(toolResult)['content']).map(textOfBlock).join('') }];
      return text === undefined ? [] : [{ role: role === 'user' ? 'user' : 'assistant', text: textOf(text) }];
    });
}

function textOfBlock(block: unknown): string {
  const { text, json } = fieldsOf(block);
  return text === undefined ? JSON.stringify(json) : textOf(text);
}
