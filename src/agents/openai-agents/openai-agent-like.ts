import { isRecord } from '../../protocol/internal.ts';

/** The part of an `Agent` of `@openai/agents` that is used, whichever copy of the package it comes from. */
export interface OpenaiAgentLike {
  readonly name: string;
  /** Agents, and handoffs with an `agent`. */
  readonly handoffs: readonly unknown[];
  readonly tools: readonly unknown[];
  getAllTools(context: never, span?: never): Promise<readonly object[]>;
}

/** A `Runner` of the SDK. */
export interface OpenaiRunnerLike {
  run(agent: never, input: never, options: never): Promise<unknown>;
}

/** The class `RunState` of the SDK. */
export interface OpenaiRunStateLike {
  fromString(agent: never, text: string): Promise<unknown>;
}

/** An agent with all that a turn needs to run it. */
export interface OpenaiRun {
  readonly agent: OpenaiAgentLike;
  readonly runner: OpenaiRunnerLike;
  /** With it, a turn that waited for approvals goes on, also in another process. */
  readonly RunState: OpenaiRunStateLike;
  /**
   * Options of `runner.run()`, such as `maxTurns` and `context`. The memory is the log, so `session`,
   * `conversationId` and `previousResponseId` are refused.
   */
  readonly options?: object;
}

/** Whether a value has the shape of an agent of `@openai/agents`. */
export function isOpenaiAgent(value: unknown): value is OpenaiAgentLike {
  return (
    isRecord(value) &&
    typeof value['name'] === 'string' &&
    Array.isArray(value['handoffs']) &&
    Array.isArray(value['tools']) &&
    typeof value['getAllTools'] === 'function' &&
    typeof value['asTool'] === 'function'
  );
}

/** Whether a factory returned an agent with its runner and its RunState. */
export function isOpenaiRun(value: unknown): value is OpenaiRun {
  if (!isRecord(value) || !isOpenaiAgent(value['agent'])) return false;
  const { runner, RunState } = value;
  return isRecord(runner) && typeof runner['run'] === 'function' && hasFromString(RunState);
}

function hasFromString(value: unknown): boolean {
  return typeof value === 'function' && typeof Reflect.get(value, 'fromString') === 'function';
}
