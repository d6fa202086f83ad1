import { APICallError, ToolLoopAgent, isStepCount, streamText, tool } from 'ai';
import type { ToolSet } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { ToolLoopAgent as ToolLoopAgent6, stepCountIs, streamText as streamText6, tool as tool6 } from 'ai6';
import type { ToolSet as ToolSet6 } from 'ai6';
import { MockLanguageModelV3 } from 'ai6/test';
import { z } from 'zod';
import type { Agent } from '../../protocol/index.ts';
import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { GivenMessage, Line, Oracle, Script, ScriptedTool } from '../kit/oracle.fixture.ts';
import { aiSdkAgent } from './index.ts';
import type { AiSdkAgentOptions, AiSdkFactory } from './index.ts';
import { toScriptedAnswer } from './scripted-parts.fixture.ts';
import type { ScriptedLine } from './scripted-parts.fixture.ts';

/** An agent, or a call of `streamText()`. */
export type AiSdkForm = 'agent' | 'text';

/** Stages agents of the SDK, with its own loop over a scripted model. */
export function createAiSdkOracle(version: 6 | 7, form: AiSdkForm, options: AiSdkAgentOptions = {}): Oracle {
  return {
    busy: 'model_throttled',
    stage(script) {
      const { model, factory } = version === 7 ? stage7(script, form) : stage6(script, form);
      const agent: Agent = aiSdkAgent(factory, options);
      return { agent, given: () => model.doStreamCalls.map(({ prompt }) => listOf(prompt).flatMap(toGiven)) };
    },
    ...(version === 6 && {
      cannot: {
        'an answer that is tried again leaves one text':
          'Version 6 does not ask again once it has said a word.',
      },
    }),
  };
}

interface Staged {
  readonly model: { readonly doStreamCalls: readonly { readonly prompt: unknown }[] };
  readonly factory: AiSdkFactory;
}

function stage7({ answers, tools = [] }: Script, form: AiSdkForm): Staged {
  const play = createPlayer(answers);
  const model = new MockLanguageModelV4({ doStream: ({ abortSignal }) => play(abortSignal) });
  const toolSet: ToolSet = Object.fromEntries(
    tools.map(({ name, run }) => [
      name,
      tool({ inputSchema: z.looseObject({}), execute: (input, options) => execute(run, input, options) }),
    ]),
  );
  const asking = tools.flatMap(({ name, asks }) => (asks === undefined ? [] : [[name, asks] as const]));
  const toolApproval = Object.fromEntries(
    asking.map(([name, reason]) => [name, { type: 'user-approval', reason } as const]),
  );
  const streamRetries = answers.flat().some((line) => 'broken' in line) ? 1 : 0;
  const settings = { model, tools: toolSet, toolApproval, streamRetries, maxRetries: 0 };
  return {
    model,
    factory: ({ call }) =>
      form === 'agent'
        ? new ToolLoopAgent({ ...settings, onError: () => {} })
        : streamText({ ...settings, stopWhen: isStepCount(20), ...call }),
  };
}

function stage6({ answers, tools = [] }: Script, form: AiSdkForm): Staged {
  const play = createPlayer(answers);
  const model = new MockLanguageModelV3({ doStream: ({ abortSignal }) => play(abortSignal) });
  const toolSet: ToolSet6 = Object.fromEntries(
    tools.map(({ name, asks, run }) => [
      name,
      tool6({
        ...(asks !== undefined && { title: asks }),
        inputSchema: z.looseObject({}),
        needsApproval: asks !== undefined,
        execute: (input, options) => execute(run, input, options),
      }),
    ]),
  );
  const settings = { model, tools: toolSet, maxRetries: 0 };
  return {
    model,
    factory: ({ call }) =>
      form === 'agent'
        ? new ToolLoopAgent6(settings)
        : streamText6({ ...settings, stopWhen: stepCountIs(20), ...call }),
  };
}

function createPlayer(answers: Script['answers']) {
  let count = 0;
  return (signal: AbortSignal | undefined) => {
    const lines = answers[Math.min(count, answers.length - 1)] ?? [];
    count += 1;
    return toScriptedAnswer(lines.map(toScriptedLine), signal);
  };
}

function toScriptedLine(line: Line): ScriptedLine {
  if ('broken' in line) return { fail: toApiError('slow down', 503) };
  if (!('fail' in line)) return line;
  return { fail: line.fail === 'busy' ? toApiError(line.words, 429) : new Error(line.words) };
}

/** Returns the error of a provider's API. */
export function toApiError(message: string, statusCode: number): APICallError {
  return new APICallError({ message, statusCode, url: 'http://model', requestBodyValues: {} });
}

/** A generator's last value is its result. */
async function* execute(
  run: ScriptedTool['run'],
  input: unknown,
  { abortSignal }: { readonly abortSignal?: AbortSignal | undefined },
): AsyncGenerator<string, void, undefined> {
  yield yield* run(input, abortSignal ?? new AbortController().signal);
}

/** Returns the texts and results of a message. Calls are left out. */
function toGiven(message: unknown): readonly GivenMessage[] {
  const { role, content } = fieldsOf(message);
  return listOf(content)
    .map(fieldsOf)
    .flatMap(({ type, text, output }): readonly GivenMessage[] => {
      if (type === 'tool-result') return [{ role: 'tool', text: textOfOutput(output) }];
      return type === 'text' ? [{ role: role === 'user' ? 'user' : 'assistant', text: textOf(text) }] : [];
    });
}

function textOfOutput(output: unknown): string {
  const { value, reason } = fieldsOf(output);
  const told = value ?? reason;
  return typeof told === 'string' ? told : JSON.stringify(told);
}
