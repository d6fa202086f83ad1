import { once } from 'node:events';
import { createServer } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, textOf } from './ask.fixture.ts';
import { createGuide } from './index.ts';

const mock = new LLMock({ port: 0 });

beforeAll(async () => {
  mock
    .on(
      { userMessage: 'How much is it', hasToolResult: false },
      {
        content: 'Let me see.',
        toolCalls: [{ name: 'calculator', arguments: '{"expression":"6*7"}', id: 'call_1' }],
      },
    )
    .on(
      { userMessage: 'How much is it', hasToolResult: true, toolResultContains: '42' },
      { content: 'It is forty-two.' },
    )
    .on(
      { userMessage: 'Refuse me' },
      { error: { message: 'secret words', type: 'authentication_error' }, status: 401 },
    )
    .on({ userMessage: 'Too long' }, { content: 'Cut', finishReason: 'length' });
  await mock.start();
});

afterAll(() => mock.stop());

const envs: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  openai: () => ({
    HEDDLE_MODEL: 'openai:gpt-5.4',
    OPENAI_API_KEY: 'mock',
    OPENAI_BASE_URL: `${mock.url}/v1`,
  }),
  'openai without a key, as for Ollama': () => ({
    HEDDLE_MODEL: 'openai:llama3.2',
    OPENAI_BASE_URL: `${mock.url}/v1`,
  }),
  anthropic: () => ({
    HEDDLE_MODEL: 'anthropic:claude-sonnet-4-6',
    ANTHROPIC_API_KEY: 'mock',
    ANTHROPIC_BASE_URL: mock.url,
  }),
};

test.each(Object.keys(envs))('%s calls a tool and answers with its result', async (name) => {
  const agent = await createGuide({ docs: () => [], env: envs[name]?.() ?? {} });
  const events = await ask(agent, 'How much is it');
  expect(textOf(events)).toBe('Let me see.\nIt is forty-two.');
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'tool_use', tool: 'calculator', input: { expression: '6*7' } }),
  );
  expect(events).toContainEqual(expect.objectContaining({ type: 'tool_result', output: '42', status: 'ok' }));
  expect(events.filter(({ type }) => type === 'usage')).toHaveLength(2);
  expect(events.at(-1)).toEqual({ type: 'stop', reason: 'end_turn' });
});

test.each(['openai', 'anthropic'])('an error of %s is reported in plain words', async (name) => {
  const agent = await createGuide({ docs: () => [], env: envs[name]?.() ?? {} });
  await expect(ask(agent, 'Refuse me')).rejects.toMatchObject({ code: 'model_auth' });
  await expect(ask(agent, 'Refuse me')).rejects.not.toThrow(/secret/);
  await expect(ask(agent, 'Too long')).rejects.toMatchObject({ code: 'max_tokens' });
});

test('a provider that cannot be reached is reported as unreachable', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const address = gone.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  gone.close();
  await once(gone, 'close');
  const env = { HEDDLE_MODEL: 'openai:gpt-5.4', OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` };
  await expect(ask(await createGuide({ docs: () => [], env }), 'Hi')).rejects.toMatchObject({
    code: 'model_unreachable',
  });
});
