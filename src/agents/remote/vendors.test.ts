// Other people's servers behind a URL: mocks of their makers, and real ones.
import { AGUIMock, LLMock } from '@copilotkit/aimock';
import { simulateReadableStream, streamText, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { onTestFinished, expect, test } from 'vitest';
import { z } from 'zod';
import { runRemote, startUpstream, textOfEvents } from './upstream.fixture.ts';

test.each(['openai', 'responses'] as const)('a mock of a model answers by %s', async (format) => {
  const mock = new LLMock({ port: 0 });
  mock.on({ userMessage: 'Hello' }, { content: 'Hello to you.' });
  mock.on(
    { userMessage: 'Add' },
    { content: 'Let me see.', toolCalls: [{ name: 'add', arguments: '{"a":1}', id: 'call_1' }] },
  );
  await mock.start();
  onTestFinished(() => mock.stop());
  const url = `${mock.url}/v1/${format === 'openai' ? 'chat/completions' : 'responses'}`;
  const options = { format, model: 'gpt-5-mini', instructions: 'Be brief.' };
  const { events, error } = await runRemote(url, options);
  expect(error).toBeUndefined();
  expect(textOfEvents(events)).toBe('Hello to you.');
  expect(events).toContainEqual({
    type: 'usage',
    usage: expect.objectContaining({ output_tokens: expect.any(Number) }),
  });
  const called = await runRemote(url, { ...options, content: 'Add' });
  expect(called.events).toContainEqual({ type: 'tool_use', call: 'call_1', tool: 'add', input: { a: 1 } });
});

test('a mock of an AG-UI server answers', async () => {
  const mock = new AGUIMock();
  mock.onMessage('Hello', 'Hello to you.');
  mock.onToolCall('Add', 'add', '{"a":1}', { result: '2' });
  mock.onReasoning('Think', 'Hm.');
  await mock.start();
  onTestFinished(() => mock.stop());
  const run = (content: string) => runRemote(mock.url, { format: 'agui', content });
  expect(textOfEvents((await run('Hello')).events)).toBe('Hello to you.');
  const { events } = await run('Add');
  expect(events).toContainEqual(expect.objectContaining({ type: 'tool_use', tool: 'add', input: { a: 1 } }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'tool_result', output: '2' }));
  expect((await run('Think')).events).toContainEqual(
    expect.objectContaining({ type: 'reasoning', data: 'Hm.' }),
  );
});

test('a route of the AI SDK answers', async () => {
  let count = 0;
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  const model = new MockLanguageModelV4({
    doStream: async () => ({
      stream: simulateReadableStream({
        chunks: [
          { type: 'stream-start', warnings: [] },
          { type: 'text-start', id: '0' },
          { type: 'text-delta', id: '0', delta: ['Let me see. ', 'It is 2.'][count] ?? '' },
          { type: 'text-end', id: '0' },
          ...(count++ === 0
            ? ([{ type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: '{"a":1}' }] as const)
            : []),
          { type: 'finish', finishReason: { unified: count === 1 ? 'tool-calls' : 'stop', raw: '' }, usage },
        ],
      }),
    }),
  });
  const { url } = await startUpstream(async (response) => {
    const add = tool({ inputSchema: z.object({ a: z.number() }), execute: async ({ a }) => a + 1 });
    const result = streamText({ model, prompt: 'Add', tools: { add }, stopWhen: () => count >= 2 });
    void result.pipeUIMessageStreamToResponse(response);
  });
  const { events, error } = await runRemote(url, { format: 'ai-sdk-ui' });
  expect(error).toBeUndefined();
  expect(textOfEvents(events)).toBe('Let me see. It is 2.');
  expect(events).toContainEqual({ type: 'tool_use', call: 'c1', tool: 'add', input: { a: 1 } });
  expect(events).toContainEqual({ type: 'tool_result', call: 'c1', output: 2, status: 'ok' });
});

test.each(['named', 'typed'])('another Heddle answers in its dialect %s', async (dialect) => {
  const server = createServer({
    store: memoryStore(),
    authenticate: () => ({ owner: 'ada' }),
    agent: async function* () {
      yield 'Let me see. ';
      yield { type: 'tool_use', call: 'c1', tool: 'add', input: { a: 1 } };
      yield { type: 'tool_result', call: 'c1', output: 2 };
      yield 'It is 2.';
    },
  });
  const listening = await listen(server, { port: 0 });
  onTestFinished(() => listening.close(0));
  const { events, error } = await runRemote(`${listening.url}/stream?dialect=${dialect}`, { method: 'GET' });
  expect(error).toBeUndefined();
  expect(textOfEvents(events)).toBe('Let me see. It is 2.');
  expect(events).toContainEqual(expect.objectContaining({ type: 'tool_use', call: 'c1', input: { a: 1 } }));
});
