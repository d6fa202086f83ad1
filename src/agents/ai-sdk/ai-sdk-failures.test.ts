import { LoadAPIKeyError, NoObjectGeneratedError, UnsupportedFunctionalityError } from 'ai';
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AgentError } from '../../protocol/index.ts';
import { runTurn } from '../kit/run-turn.fixture.ts';
import { toApiError } from './ai-sdk-oracle.fixture.ts';
import { aiSdkAgent } from './index.ts';
import { stageAgent, versions } from './staged-agent.fixture.ts';
import type { StagedOptions } from './staged-agent.fixture.ts';
import { toAiSdkError, toStreamError } from './to-ai-sdk-error.ts';

const unconnected = Object.assign(toApiError('sk-secret', 503), { statusCode: undefined, isRetryable: true });
const retried = Object.assign(new Error('sk-secret'), {
  name: 'AI_RetryError',
  lastError: toApiError('sk-secret', 429),
});

test.each([
  [toApiError('sk-secret', 401), 'model_auth'],
  [toApiError('sk-secret', 403), 'model_auth'],
  [toApiError('sk-secret', 429), 'model_throttled'],
  [toApiError('sk-secret', 529), 'model_throttled'],
  [toApiError('sk-secret', 500), 'model_failed'],
  [toApiError('sk-secret', 400), 'model_failed'],
  [toApiError('sk-secret', 200), 'model_failed'],
  [toApiError('sk-secret', 400, '{"error":{"code":"context_length_exceeded"}}'), 'context_overflow'],
  [toApiError('prompt is too long: sk-secret', 413), 'context_overflow'],
  [unconnected, 'model_unreachable'],
  [retried, 'model_throttled'],
  [new LoadAPIKeyError({ message: 'sk-secret' }), 'model_auth'],
  [new UnsupportedFunctionalityError({ functionality: 'sk-secret' }), 'unsupported_content'],
  [new Error('sk-secret', { cause: toApiError('sk-secret', 429) }), 'model_throttled'],
  [new NoObjectGeneratedError({ finishReason: 'stop' } as never), 'output_invalid'],
])('%s is the failure with its code, and keeps its words to itself', (error, code) => {
  const told = toAiSdkError(error);
  expect(told).toBeInstanceOf(AgentError);
  expect(told).toMatchObject({ code });
  expect(String(told)).not.toContain('sk-secret');
});

test.each([
  [{ type: 'error', error: { type: 'overloaded_error', message: 'sk-secret' } }, 'model_throttled'],
  [{ error: { code: 'rate_limit_exceeded' } }, 'model_throttled'],
  [{ type: 'authentication_error' }, 'model_auth'],
  [{ status: 429 }, 'model_throttled'],
  ['sk-secret', 'model_failed'],
  [undefined, 'model_failed'],
])('what a provider sends as error, %j, is the failure with its code', (error, code) => {
  expect(toStreamError(error)).toMatchObject({ code });
});

test('an error of the user is kept as it is', () => {
  const own = new AgentError('closed', 'We are closed.');
  const odd = new TypeError('odd');
  for (const error of [own, odd]) {
    expect(toAiSdkError(error)).toBe(error);
    expect(toStreamError(error)).toBe(error);
  }
});

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
process.on('unhandledRejection', note);
afterAll(() => void process.off('unhandledRejection', note));
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

describe.each(versions)('version %i:', (version) => {
  const cases = (['agent', 'text'] as const).flatMap((form) =>
    (
      [
        ['in place of an answer', [{ refuse: toApiError('sk-secret', 401) }], 'model_auth'],
        ['before the first word', [{ fail: toApiError('sk-secret', 429) }], 'model_throttled'],
        ['in mid-text', [{ text: 'Half' }, { fail: toApiError('sk-secret', 500) }], 'model_failed'],
        ['as a value of the provider', [{ fail: { type: 'overloaded_error' } }], 'model_throttled'],
        ['by the reason of the stop', [{ text: 'Half' }, { stop: 'error' }], 'model_failed'],
        ['by an end without a word', [{ parts: [] }, { fail: new Error('sk-secret') }], undefined],
      ] as const
    ).map((each) => [form, ...each] as const),
  );
  test.each(cases)('%s: a failure that comes %s ends the turn', async (form, _, answer, code) => {
    const warn = vi.spyOn(console, 'error');
    onTestFinished(() => warn.mockRestore());
    const { agent } = stageAgent(version, { answers: [answer], form });
    await expect(runTurn(agent)).rejects.toMatchObject(
      code === undefined ? { message: 'sk-secret' } : { code },
    );
    expect(warn).not.toHaveBeenCalled();
  });

  test('a failure in the second step ends the turn', async () => {
    const { agent } = stageAgent(version, {
      answers: [[{ tool: 'look', id: 'c1' }], [{ refuse: toApiError('sk-secret', 503) }]],
      tools: { look: { execute: () => 'green' } },
    });
    await expect(runTurn(agent)).rejects.toMatchObject({ code: 'model_failed' });
  });

  test('a tool that throws what is no JSON has its result, though the SDK stops at it', async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const { agent } = stageAgent(version, {
      answers: [[{ tool: 'look', id: 'c1' }]],
      tools: { look: { execute: () => Promise.reject(circle) } },
    });
    const results: unknown[] = [];
    const onEvent = (event: { readonly type: string }) => event.type === 'tool_result' && results.push(event);
    await expect(runTurn(agent, { onEvent })).rejects.toThrow(/circular/);
    expect(results).toMatchObject([{ call: 'c1', output: 'unknown error', status: 'error' }]);
  });

  test("the user's own time limit fails the turn, and does not end it as complete", async () => {
    const stop = AbortSignal.timeout(20);
    const options: StagedOptions = { answers: [[{ text: 'Half' }, { hang: true }]], form: 'text' };
    const { factory } = stageAgent(version, options);
    const agent = aiSdkAgent((context) =>
      factory({ ...context, call: { ...context.call, abortSignal: stop } }),
    );
    await expect(runTurn(agent)).rejects.toMatchObject({ code: 'model_failed' });
  });

  test('a result is read once', async () => {
    const { factory } = stageAgent(version, { answers: [[{ text: 'Hi' }]], form: 'text' });
    let made: ReturnType<typeof factory> | undefined;
    const agent = aiSdkAgent((context) => (made ??= factory(context)));
    await runTurn(agent);
    await expect(runTurn(agent)).rejects.toThrow(/result of an earlier turn/);
  });

  test('an agent may be shared between turns', async () => {
    const { factory } = stageAgent(version, { answers: [[{ text: 'Hi' }]] });
    let made: ReturnType<typeof factory> | undefined;
    const agent = aiSdkAgent((context) => (made ??= factory(context)));
    await runTurn(agent);
    expect((await runTurn(agent)).at(-1)).toEqual({ type: 'stop', reason: 'stop' });
  });
});

test('a factory that fails ends the turn with the code of its failure', async () => {
  const fail = () => {
    throw new LoadAPIKeyError({ message: 'sk-secret' });
  };
  for (const factory of [fail, async () => fail()])
    await expect(async () => runTurn(aiSdkAgent(factory))).rejects.toMatchObject({ code: 'model_auth' });
});

test('a function that answers by itself is an agent too', async () => {
  const agent = aiSdkAgent((async () => 'Hello') as never);
  await expect(runTurn(agent)).rejects.toThrow('no bare strings');
});

test('what is no function is refused, and so is a stream that is none', async () => {
  expect(() => aiSdkAgent({} as never)).toThrow(TypeError);
  const agent = aiSdkAgent(() => ({ version: 'agent-v1', stream: async () => ({}) }) as never);
  await expect(runTurn(agent)).rejects.toThrow(/no streams of parts/);
});
