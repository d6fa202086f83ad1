import { Agent, tool } from '@openai/agents';
import type { AgentOptions } from '@openai/agents';
import { ScriptedModel, assistantMessage, functionCall, modelError } from '@openai/agents/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentError } from '../../protocol/index.ts';
import { runTurn, standingText } from '../strands/run-turn.fixture.ts';
import { adapt, noting, ofType } from './openai-stage.fixture.ts';
import { scriptedAnswers } from './scripted-answers.fixture.ts';

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

/** Runs a turn that fails, and returns its error and the events before it. */
async function fail(options: Partial<AgentOptions>, runOptions = {}) {
  const events: Awaited<ReturnType<typeof runTurn>> = [];
  const agent = adapt(() => new Agent({ name: 'A', ...options }), runOptions);
  const error = await runTurn(agent, { onEvent: (event) => events.push(event) }).then(
    () => expect.fail('The turn did not fail.'),
    (thrown: unknown) => thrown,
  );
  return { error, events };
}

const tripped = async () => ({ tripwireTriggered: true, outputInfo: { secret: 'sk-secret' } });
const throwing = { behavior: { type: 'throwException', outputInfo: 'sk-secret' } } as const;
const look = [{ tool: 'look', id: 'c1' }];

describe('a run that ends with an error of the SDK', () => {
  const failing = tool({
    name: 'look',
    description: 'look',
    parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
    strict: false,
    errorFunction: null,
    execute: async () => {
      throw Object.assign(new Error('sk-secret'), { status: 429 });
    },
  });
  const refusal = assistantMessage('');
  refusal.content = [{ type: 'refusal', refusal: 'I will not.' }];

  test.each([
    [
      'too many turns',
      'limit_turns',
      { model: scriptedAnswers([look]), tools: [noting('look')] },
      { maxTurns: 1 },
    ],
    [
      'an input that a guardrail refuses',
      'refused',
      {
        model: scriptedAnswers([[{ text: 'Hi' }]]),
        inputGuardrails: [{ name: 'g', execute: tripped, runInParallel: false }],
      },
    ],
    [
      'an answer that a guardrail refuses',
      'refused',
      { model: scriptedAnswers([[{ text: 'Hi' }]]), outputGuardrails: [{ name: 'g', execute: tripped }] },
    ],
    [
      "a tool's input that a guardrail refuses",
      'refused',
      {
        model: scriptedAnswers([look]),
        tools: [
          {
            ...noting('look'),
            inputGuardrails: [{ type: 'tool_input', name: 'g', run: async () => throwing }],
          },
        ],
      },
    ],
    [
      "a tool's output that a guardrail refuses",
      'refused',
      {
        model: scriptedAnswers([look]),
        tools: [
          {
            ...noting('look'),
            outputGuardrails: [{ type: 'tool_output', name: 'g', run: async () => throwing }],
          },
        ],
      },
    ],
    ['a refusal', 'refused', { model: new ScriptedModel([[refusal]]) }],
    ['a tool that does not exist', 'model_failed', { model: scriptedAnswers([look]) }],
    [
      'a call id that comes again',
      'model_failed',
      {
        model: new ScriptedModel([
          [functionCall('look', { n: 1 }, { callId: 'c1' })],
          [functionCall('look', { n: 2 }, { callId: 'c1' })],
        ]),
        tools: [noting('look')],
      },
    ],
    [
      'an error of aborting that nobody asked for',
      'model_failed',
      { model: new ScriptedModel([modelError(new DOMException('sk-secret', 'AbortError'))]) },
    ],
    [
      'a conversation that is too long',
      'context_overflow',
      {
        model: new ScriptedModel([
          modelError(Object.assign(new Error('sk-secret'), { status: 400, code: 'context_length_exceeded' })),
        ]),
      },
    ],
    [
      'credentials that are refused',
      'model_auth',
      { model: new ScriptedModel([modelError(Object.assign(new Error('sk-secret'), { status: 401 }))]) },
    ],
    [
      'no connection',
      'model_unreachable',
      { model: new ScriptedModel([modelError(new Error('x', { cause: { code: 'ECONNREFUSED' } }))]) },
    ],
  ] as [string, string, Partial<AgentOptions>, object?][])('%s: %s', async (_, code, options, runOptions) => {
    const { error, events } = await fail(options, runOptions);
    expect(error).toBeInstanceOf(AgentError);
    expect(error).toMatchObject({ code });
    expect((error as AgentError).cause).toBeDefined();
    expect(JSON.stringify([events, (error as AgentError).message])).not.toContain('sk-secret');
  });

  test('a tool that throws, where its errors end the run, is no failure of the model', async () => {
    const { error } = await fail({ model: scriptedAnswers([look]), tools: [failing] });
    expect(error).not.toBeInstanceOf(AgentError);
  });

  test('what a guardrail refused does not stay', async () => {
    const model = scriptedAnswers([[{ text: 'The secret is 42.' }]]);
    const { events } = await fail({ model, outputGuardrails: [{ name: 'g', execute: tripped }] });
    expect(events.at(-1)).toEqual({ type: 'discard', all: true });
  });

  test('the words of a refusal stay', async () => {
    const { events } = await fail({ model: new ScriptedModel([[refusal]]) });
    expect(standingText(events)).toBe('I will not.');
  });
});

describe('a cancel', () => {
  test('ends a run whose tool does not listen, and nothing runs after it', async () => {
    const stop = new AbortController();
    const { promise: never } = Promise.withResolvers<string>();
    const deaf = tool({
      name: 'deaf',
      description: 'deaf',
      parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
      strict: false,
      execute: () => never,
    });
    const model = scriptedAnswers([[{ tool: 'deaf', id: 'c1' }], [{ text: 'Never.' }]]);
    const events = await runTurn(
      adapt(() => new Agent({ name: 'A', model, tools: [deaf] })),
      {
        signal: stop.signal,
        onEvent: ({ type }) => {
          if (type === 'tool_use') setTimeout(() => stop.abort(), 5);
        },
      },
    );
    expect(ofType(events, 'tool_result')).toEqual([]);
    expect(model.calls).toHaveLength(1);
  });

  test('before the start runs nothing', async () => {
    const model = scriptedAnswers([[{ text: 'Never.' }]]);
    expect(
      await runTurn(
        adapt(() => new Agent({ name: 'A', model })),
        { signal: AbortSignal.abort() },
      ),
    ).toEqual([]);
    expect(model.calls).toEqual([]);
  });

  test('by a signal of the options fails the turn with its reason', async () => {
    const stop = new AbortController();
    const model = scriptedAnswers([[{ text: 'Half ' }, { hang: true }]]);
    const agent = adapt(() => new Agent({ name: 'A', model }), { signal: stop.signal });
    const onEvent = ({ type }: { readonly type: string }): void => {
      if (type === 'content') stop.abort(new Error('The budget is spent.'));
    };
    await expect(runTurn(agent, { onEvent })).rejects.toThrow('The budget is spent.');
  });

  test('a turn that is left ends its run, and a tool that waits at the gate does not run', async () => {
    const runs: unknown[] = [];
    const model = scriptedAnswers([look, [{ text: 'Never.' }]]);
    const agent = adapt(() => new Agent({ name: 'A', model, tools: [noting('look', runs)] }));
    const answer = agent.open({ session: 's', owner: 'ann' });
    const signal = new AbortController().signal;
    const input = { type: 'message', content: 'Hi' } as const;
    for await (const event of answer({
      turn: 't',
      attempt: 1,
      input,
      signal,
      history: () => [],
      save: () => {},
    }))
      if (typeof event !== 'string' && event.type === 'tool_use') break;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(runs).toEqual([]);
    expect(model.calls).toHaveLength(1);
  });
});

test('a model that does not stream says its answer at its end', async () => {
  const model = new ScriptedModel([
    [functionCall('look', {}, { callId: 'c1' })],
    [assistantMessage('Done.')],
  ]);
  const silent = {
    getResponse: (...args: Parameters<typeof model.getResponse>) => model.getResponse(...args),
    async *getStreamedResponse(...args: Parameters<typeof model.getStreamedResponse>) {
      for await (const event of model.getStreamedResponse(...args))
        if (event.type === 'response_done') yield event;
    },
  };
  const events = await runTurn(adapt(() => new Agent({ name: 'A', model: silent, tools: [noting('look')] })));
  expect(standingText(events)).toBe('Done.');
  expect(ofType(events, 'step_start')).toHaveLength(2);
});
