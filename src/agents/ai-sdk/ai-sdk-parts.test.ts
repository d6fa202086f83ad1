import { describe, expect, test } from 'vitest';
import { runTurn } from '../kit/run-turn.fixture.ts';
import { toApiError } from './ai-sdk-oracle.fixture.ts';
import type { ScriptedPart } from './scripted-parts.fixture.ts';
import { stageAgent, versions } from './staged-agent.fixture.ts';
import type { StagedOptions } from './staged-agent.fixture.ts';

const look = { execute: () => 'green' };
const parts = (...given: readonly ScriptedPart[]) => ({ parts: given });

describe.each(versions)('version %i:', (version) => {
  const play = (options: StagedOptions) => runTurn(stageAgent(version, options).agent);

  test('a step is told with its text, its calls, their input as it streams, and its usage', async () => {
    const events = await play({
      answers: [
        [{ reasoning: 'Hm.' }, { text: 'I look.' }, { tool: 'look', id: 'c1', input: { at: 'it' } }],
        [{ text: 'It is green.' }, { usage: [20, 4] }],
      ],
      tools: { look },
    });
    expect(events).toEqual([
      { type: 'step_start' },
      { type: 'reasoning', part: 'reasoning-1', data: 'Hm.' },
      { type: 'reasoning_end', part: 'reasoning-1' },
      { type: 'content', part: 'content-2', data: 'I ' },
      { type: 'content', part: 'content-2', data: 'look.' },
      { type: 'content_end', part: 'content-2' },
      { type: 'tool_use_start', call: 'c1', tool: 'look' },
      { type: 'tool_use_input', call: 'c1', data: '{"at":' },
      { type: 'tool_use_input', call: 'c1', data: '"it"}' },
      { type: 'tool_use', call: 'c1', tool: 'look', input: { at: 'it' } },
      { type: 'tool_result', call: 'c1', output: 'green', status: 'ok' },
      { type: 'usage', usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
      { type: 'step_end' },
      { type: 'step_start' },
      { type: 'content', part: 'content-3', data: 'It ' },
      { type: 'content', part: 'content-3', data: 'is ' },
      { type: 'content', part: 'content-3', data: 'green.' },
      { type: 'content_end', part: 'content-3' },
      { type: 'usage', usage: { input_tokens: 20, output_tokens: 4, total_tokens: 24 } },
      { type: 'step_end' },
      { type: 'stop', reason: 'stop' },
    ]);
  });

  test('a call that the model got wrong ends with an error, and the next call of its name waits for the log', async () => {
    const ran: unknown[] = [];
    const events = await play({
      answers: [
        [{ tool: 'missing', id: 'call_0' }],
        [{ tool: 'look', id: 'call_0', input: '{broken' }],
        [{ tool: 'look', id: 'call_0', input: { n: 1 } }],
        [{ text: 'Done.' }],
      ],
      tools: { look: { execute: (input) => ran.push(input) } },
    });
    expect(events.filter(({ type }) => type === 'tool_use')).toMatchObject([
      { call: 'call_0', tool: 'missing' },
      { call: 'call_0-2', tool: 'look', input: '{broken' },
      { call: 'call_0-3', tool: 'look', input: { n: 1 } },
    ]);
    expect(events.filter(({ type }) => type === 'tool_result')).toMatchObject([
      { call: 'call_0', status: 'error', output: expect.stringContaining('missing') },
      { call: 'call_0-2', status: 'error' },
      { call: 'call_0-3', status: 'ok', output: 1 },
    ]);
    expect(ran).toEqual([{ n: 1 }]);
  });

  test('a tool that fails is told with its words, which the model is given too', async () => {
    const { agent, model } = stageAgent(version, {
      answers: [[{ tool: 'breaks', id: 'c1' }], [{ text: 'Sorry.' }]],
      tools: {
        breaks: {
          execute() {
            throw new Error('out of order');
          },
        },
      },
    });
    const events = await runTurn(agent);
    expect(events).toContainEqual({
      type: 'tool_result',
      call: 'c1',
      output: 'out of order',
      status: 'error',
    });
    expect(JSON.stringify(model.doStreamCalls.at(-1)?.prompt)).toContain('out of order');
  });

  test('a tool that the provider runs does not wait, and a later call of its name does', async () => {
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'search', input: '{"q":1}' } as const;
    const events = await play({
      answers: [
        [
          parts(
            { ...call, providerExecuted: true, dynamic: true },
            { type: 'tool-result', toolCallId: 'c1', toolName: 'search', result: { hits: 2 }, dynamic: true },
          ),
          { tool: 'look', id: 'c1' },
        ],
        [{ text: 'Done.' }],
      ],
      tools: { look },
    });
    expect(events.filter(({ type }) => type === 'tool_result')).toEqual([
      { type: 'tool_result', call: 'c1', output: { hits: 2 }, status: 'ok' },
      { type: 'tool_result', call: 'c1-2', output: 'green', status: 'ok' },
    ]);
  });

  test('sources and files are told', async () => {
    const data = version === 7 ? { type: 'data', data: 'iVBO' } : 'iVBO';
    const events = await play({
      answers: [
        [
          parts({ type: 'source', sourceType: 'url', id: 's1', url: 'https://a.test/', title: 'A' }, {
            type: 'file',
            mediaType: 'image/png',
            data,
          } as never),
          { stop: 'length' },
        ],
      ],
    });
    const told = events.flatMap((event) => (event.type === 'custom' ? [[event.name, event.data]] : []));
    expect(told).toMatchObject([
      ['source', { id: 's1', source_type: 'url', url: 'https://a.test/', title: 'A' }],
      ['file', { media_type: 'image/png', data: 'iVBO' }],
    ]);
    expect(events.at(-1)).toEqual({ type: 'stop', reason: 'length' });
  });

  test('texts that are open side by side stay apart', async () => {
    const events = await play({
      answers: [
        [
          parts(
            { type: 'text-start', id: '0' },
            { type: 'text-start', id: '1' },
            { type: 'text-delta', id: '0', delta: 'a' },
            { type: 'text-delta', id: '1', delta: 'b' },
            { type: 'text-delta', id: '0', delta: 'c' },
            { type: 'text-end', id: '1' },
            { type: 'text-end', id: '0' },
          ),
        ],
      ],
    });
    expect(events.filter(({ type }) => type === 'content')).toEqual([
      { type: 'content', part: 'content-1', data: 'a' },
      { type: 'content', part: 'content-2', data: 'b' },
      { type: 'content', part: 'content-1', data: 'c' },
    ]);
    expect(events.some(({ type }) => type === 'discard')).toBe(false);
  });

  test('of the messages of a sub-agent that come at once the newest is told, and the last one once', async () => {
    const message = (text: string) => ({ role: 'assistant', parts: [{ type: 'text', text }] });
    const events = await play({
      answers: [[{ tool: 'ask', id: 'c1' }], [{ text: 'Done.' }]],
      tools: {
        ask: {
          async *execute() {
            yield message('a');
            yield message('ab');
            yield 'a plain value';
            yield message('abc');
            yield message('abcd');
          },
        },
      },
    });
    const told = events.flatMap((event) => (event.type === 'tool_progress' ? [event.data] : []));
    expect(told).toEqual([message('ab'), 'a plain value']);
    expect(events).toContainEqual({ type: 'tool_result', call: 'c1', output: message('abcd'), status: 'ok' });
  });
});

test('reasoning and text that were said before a retry are discarded, and what comes after stays in order', async () => {
  const { agent } = stageAgent(7, {
    answers: [
      [{ reasoning: 'Hm.' }, { text: 'The ans' }, { fail: toApiError('cut', 503) }],
      [{ text: 'The ans' }, { fail: toApiError('cut', 503) }],
      [{ reasoning: 'Hm, well.' }, { text: 'The answer' }, { tool: 'look', id: 'c1' }],
      [{ text: 'Done.' }],
    ],
    tools: { look },
    settings: { streamRetries: 2 },
  });
  const events = await runTurn(agent);
  expect(events).toContainEqual({ type: 'discard', parts: ['reasoning-1', 'content-2', 'content-3'] });
  const said = events.flatMap((event) => (event.type === 'content_end' ? [event.part] : []));
  expect(said).toEqual(['content-2', 'content-3', 'content-5', 'content-6']);
  expect(events.at(-1)).toEqual({ type: 'stop', reason: 'stop' });
});

test('a retry that says nothing more leaves no text', async () => {
  const { agent } = stageAgent(7, {
    answers: [
      [{ text: 'I will' }, { fail: toApiError('cut', 503) }],
      [{ tool: 'look', id: 'c1' }],
      [{ text: 'Done.' }],
    ],
    tools: { look },
    settings: { streamRetries: 1 },
  });
  expect(await runTurn(agent)).toContainEqual({ type: 'discard', parts: ['content-1'] });
});

test('a part of version 7 that has no words is told by its kind', async () => {
  const { agent } = stageAgent(7, {
    answers: [[parts({ type: 'custom', kind: 'openai.compaction' } as never), { text: 'Done.' }]],
  });
  expect(await runTurn(agent)).toContainEqual({
    type: 'custom',
    name: 'custom',
    data: { kind: 'openai.compaction' },
  });
});
