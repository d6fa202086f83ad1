import { APICallError } from 'ai';
import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { GivenMessage, Line, Oracle, ScriptedTool } from '../kit/oracle.fixture.ts';
import type { ScriptedLine } from './scripted-parts.fixture.ts';
import { stageAgent } from './staged-agent.fixture.ts';
import type { AiSdkForm, AiSdkVersion, StagedTool } from './staged-agent.fixture.ts';

/** Stages agents of the SDK, with its own loop over a scripted model. */
export function createAiSdkOracle(version: AiSdkVersion, form: AiSdkForm): Oracle {
  return {
    busy: 'model_throttled',
    stage({ answers, tools = [] }) {
      const isBroken = answers.flat().some((line) => 'broken' in line);
      const { agent, model } = stageAgent(version, {
        form,
        answers: answers.map((lines) => lines.map(toScriptedLine)),
        tools: Object.fromEntries(tools.map((tool) => [tool.name, toTool(tool)])),
        ...(isBroken && { settings: { streamRetries: 1 } }),
      });
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

function toScriptedLine(line: Line): ScriptedLine {
  if ('broken' in line) return { fail: toApiError('slow down', 503) };
  if (!('fail' in line)) return line;
  return { fail: line.fail === 'busy' ? toApiError(line.words, 429) : new Error(line.words) };
}

/** Returns the error of a provider's API. */
export function toApiError(message: string, statusCode: number, responseBody = ''): APICallError {
  return new APICallError({ message, statusCode, responseBody, url: 'http://model', requestBodyValues: {} });
}

/** A generator's last value is its result. The title of a tool is the reason for its approvals. */
function toTool({ asks, run }: ScriptedTool): StagedTool {
  return {
    ...(asks !== undefined && { title: asks, needsApproval: true }),
    async *execute(input, { abortSignal }) {
      yield yield* run(input, abortSignal ?? new AbortController().signal);
    },
  };
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
