import { ToolLoopAgent, isStepCount, streamText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { ToolLoopAgent as ToolLoopAgent6, stepCountIs, streamText as streamText6 } from 'ai6';
import { MockLanguageModelV3 } from 'ai6/test';
import { z } from 'zod';
import type { Agent } from '../../protocol/index.ts';
import { aiSdkAgent } from './index.ts';
import type { AiSdkAgentOptions, AiSdkContext, AiSdkFactory } from './index.ts';
import { toScriptedAnswer } from './scripted-parts.fixture.ts';
import type { ScriptedLine } from './scripted-parts.fixture.ts';

export const versions = [7, 6] as const;
export type AiSdkVersion = (typeof versions)[number];
/** An agent, or a call of `streamText()`. */
export type AiSdkForm = 'agent' | 'text';

interface ExecuteOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal | undefined;
}

/** A tool that both versions of the SDK take. */
export interface StagedTool {
  /** Absent for a tool that the SDK does not run. */
  readonly execute?: (input: unknown, options: ExecuteOptions) => unknown;
  readonly title?: string;
  readonly needsApproval?: boolean;
}

export interface StagedOptions {
  readonly answers: readonly (readonly ScriptedLine[])[];
  readonly tools?: Readonly<Record<string, StagedTool>>;
  /** @default 'agent' */
  readonly form?: AiSdkForm;
  readonly options?: AiSdkAgentOptions;
  /** Further settings of the SDK. */
  readonly settings?: object;
  /** Called with the context of each turn. */
  readonly onContext?: (context: AiSdkContext) => void;
}

export interface Staged {
  readonly agent: Agent;
  readonly factory: AiSdkFactory;
  /** The model, with the conversations that it was given. */
  readonly model: { readonly doStreamCalls: readonly { readonly prompt: unknown }[] };
}

/** Stages an agent of the SDK over a scripted model, which repeats its last answer. */
export function stageAgent(version: AiSdkVersion, staged: StagedOptions): Staged {
  const { model, factory } = version === 7 ? stage7(staged) : stage6(staged);
  const { options, onContext } = staged;
  const told: AiSdkFactory = (context) => {
    onContext?.(context);
    return factory(context);
  };
  return { model, factory: told, agent: aiSdkAgent(told, options) };
}

function stage7({ answers, tools = {}, form = 'agent', settings }: StagedOptions): Omit<Staged, 'agent'> {
  const play = createPlayer(answers);
  const model = new MockLanguageModelV4({ doStream: ({ abortSignal }) => play(abortSignal) });
  const all = { model, tools: toTools(tools), maxRetries: 0, ...settings };
  return {
    model,
    factory: ({ call }) =>
      form === 'agent'
        ? new ToolLoopAgent({ onError: () => {}, ...all })
        : streamText({ stopWhen: isStepCount(20), ...all, ...call }),
  };
}

function stage6({ answers, tools = {}, form = 'agent', settings }: StagedOptions): Omit<Staged, 'agent'> {
  const play = createPlayer(answers);
  const model = new MockLanguageModelV3({ doStream: ({ abortSignal }) => play(abortSignal) });
  const all = { model, tools: toTools(tools), maxRetries: 0, ...settings };
  return {
    model,
    factory: ({ call }) =>
      form === 'agent'
        ? new ToolLoopAgent6(all)
        : streamText6({ stopWhen: stepCountIs(20), ...all, ...call }),
  };
}

function toTools(tools: Readonly<Record<string, StagedTool>>) {
  const inputSchema = z.looseObject({});
  return Object.fromEntries(
    Object.entries(tools).map(([name, { execute, title, needsApproval }]) => [
      name,
      {
        inputSchema,
        ...(execute !== undefined && { execute }),
        ...(title !== undefined && { title }),
        ...(needsApproval !== undefined && { needsApproval }),
      },
    ]),
  );
}

function createPlayer(answers: StagedOptions['answers']) {
  let count = 0;
  return (signal: AbortSignal | undefined) => {
    const lines = answers[Math.min(count, answers.length - 1)] ?? [];
    count += 1;
    return toScriptedAnswer(lines, signal);
  };
}
