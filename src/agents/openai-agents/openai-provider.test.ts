// The SDK's own provider over a server of a mock, for both APIs of OpenAI.
import { LLMock } from '@copilotkit/aimock';
import { Agent, OpenAIProvider, RunState, Runner } from '@openai/agents';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent as HeddleAgent, PartState } from '../../protocol/index.ts';
import { saidIn, sentIn } from '../kit/conversation.fixture.ts';
import { answerAll, runSaved, runTurn, standingText } from '../strands/run-turn.fixture.ts';
import { openaiAgents } from './index.ts';
import { noting, ofType } from './openai-stage.fixture.ts';

const mock = new LLMock({ port: 0 });

beforeAll(async () => {
  mock.on({ userMessage: 'Hello' }, { content: 'Hello to you.', reasoning: 'They greet.' });
  mock.on({ userMessage: 'Go on' }, { content: 'I go on.' });
  mock.on({ userMessage: 'Busy' }, { error: { message: 'sk-secret', type: 'rate_limit' }, status: 429 });
  for (const tool of ['look', 'pay']) {
    const id = `call_${tool}`;
    mock.on({ toolCallId: id }, { content: 'Done.' });
    mock.on(
      { userMessage: tool },
      { content: 'I try.', toolCalls: [{ name: tool, arguments: '{"n":1}', id }] },
    );
  }
  await mock.start();
});
afterAll(() => mock.stop());

describe.each([
  ['Responses', true],
  ['chat completions', false],
])('%s', (_, useResponses) => {
  const sent: string[] = [];
  const stage = (runs: unknown[] = []): HeddleAgent => {
    const client = new OpenAI({
      apiKey: 'mock',
      baseURL: `${mock.url}/v1`,
      maxRetries: 0,
      fetch: async (url, init) => {
        sent.push(String(init?.body));
        return fetch(url, init);
      },
    });
    const provider = new OpenAIProvider({ openAIClient: client, useResponses });
    const runner = new Runner({ tracingDisabled: true, modelProvider: provider });
    return openaiAgents(() => ({
      agent: new Agent({
        name: 'A',
        model: 'gpt-4o-mini',
        tools: [noting('look', runs), noting('pay', runs, true)],
      }),
      runner,
      RunState,
    }));
  };

  test('text comes in pieces, with reasoning before it, and is counted', async () => {
    const events = await runTurn(stage());
    expect(standingText(events)).toBe('Hello to you.');
    expect(
      ofType(events, 'reasoning')
        .map(({ data }) => data)
        .join(''),
    ).toBe('They greet.');
    expect(ofType(events, 'content_start')).toHaveLength(1);
    expect(ofType(events, 'replace')).toEqual([]);
    expect(ofType(events, 'usage')).toHaveLength(1);
    const types = events.map(({ type }) => type);
    expect(types.indexOf('reasoning')).toBeLessThan(types.indexOf('content'));
  });

  test('a tool runs, and its input comes as the model writes it', async () => {
    const runs: unknown[] = [];
    const events = await runTurn(stage(runs), { content: 'look' });
    expect(runs).toEqual([{ n: 1 }]);
    expect(ofType(events, 'tool_use')).toEqual([
      { type: 'tool_use', call: 'call_look', tool: 'look', input: { n: 1 } },
    ]);
    const start = ofType(events, 'tool_use_start');
    expect(start).toEqual([{ type: 'tool_use_start', call: 'call_look', tool: 'look' }]);
    expect(
      ofType(events, 'tool_use_input')
        .map(({ data }) => data)
        .join(''),
    ).toBe('{"n":1}');
    expect(ofType(events, 'tool_result')).toMatchObject([{ call: 'call_look', output: 'look done' }]);
    expect(standingText(events)).toBe('I try.Done.');
  });

  test('an approval goes on in another process', async () => {
    const runs: unknown[] = [];
    const { events, saved } = await runSaved(stage(runs), { content: 'pay' });
    const next = await runTurn(stage(runs), { snapshot: saved, answers: answerAll(events, true) });
    expect(runs).toEqual([{ n: 1 }]);
    expect(standingText(next)).toBe('Done.');
  });

  test('a conversation of the log is accepted', async () => {
    const call = { type: 'tool', call: 'c1', tool: 'web search', input: {}, output: 'x', status: 'ok' };
    const parts = [{ type: 'text', part: 'p1', text: 'Hi.' }, call] as unknown as PartState[];
    const history = [sentIn('t0', 'Hi'), saidIn('t0', parts)];
    const image = { type: 'image', media_type: 'image/png', data: 'aGk=' } as const;
    const content = [{ type: 'text', text: 'Go on' }, image] as const;
    expect(standingText(await runTurn(stage(), { history, content }))).toBe('I go on.');
    for (const text of ['Hi.', 'web_search', 'data:image/png;base64,aGk='])
      expect(sent.at(-1)).toContain(text);
  });

  test('a busy provider fails the turn with its code', async () => {
    await expect(runTurn(stage(), { content: 'Busy' })).rejects.toMatchObject({ code: 'model_throttled' });
  });
});
