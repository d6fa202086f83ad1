import { expect, test } from 'vitest';
import { listenToAiSdkUi } from './ai-sdk-ui-events.ts';
import { aiSdkUi } from './ai-sdk-ui.ts';
import { createAsked, hearAll } from './hear-all.fixture.ts';
import { history } from './history.fixture.ts';

test('the chunks of a UI message stream are heard', () => {
  const call = { toolCallId: 'c1', toolName: 'add' };
  expect(
    hearAll(listenToAiSdkUi(), [
      { type: 'start', messageId: 'm1' },
      { type: 'start-step' },
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
      { type: 'reasoning-end', id: '0' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'Hi' },
      { type: 'text-end', id: '0' },
      { type: 'tool-input-start', ...call },
      { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '{"a":1}' },
      { type: 'tool-input-available', ...call, input: { a: 1 } },
      { type: 'tool-output-available', toolCallId: 'c1', output: 1, preliminary: true },
      { type: 'tool-output-available', toolCallId: 'c1', output: 2 },
      { type: 'tool-output-available', toolCallId: 'c1', output: 3 },
      { type: 'tool-input-error', toolCallId: 'c2', toolName: 'pay', input: {}, errorText: 'bad' },
      { type: 'source-url', sourceId: 's', url: 'https://a/' },
      { type: 'data-chart', data: [1] },
      { type: 'finish-step' },
      { type: 'finish', finishReason: 'tool-calls' },
    ]),
  ).toEqual([
    { type: 'step_start' },
    { type: 'reasoning', data: 'Hm.' },
    { type: 'reasoning_end' },
    { type: 'content', data: 'Hi' },
    { type: 'content_end' },
    { type: 'tool_use_start', call: 'c1', tool: 'add' },
    { type: 'tool_use_input', call: 'c1', data: '{"a":1}' },
    { type: 'tool_use', call: 'c1', tool: 'add', input: { a: 1 } },
    { type: 'tool_progress', call: 'c1', data: 1 },
    { type: 'tool_result', call: 'c1', output: 2, status: 'ok' },
    { type: 'tool_use_start', call: 'c2', tool: 'pay' },
    { type: 'tool_use', call: 'c2', tool: 'pay', input: {} },
    { type: 'tool_result', call: 'c2', output: 'bad', status: 'error' },
    { type: 'custom', name: 'source', data: { sourceId: 's', url: 'https://a/' } },
    { type: 'custom', name: 'chart', data: [1] },
    { type: 'step_end' },
    { type: 'stop', reason: 'tool_calls' },
    { type: 'end' },
  ]);
});

test('a step that is tried again is discarded, and an approval cannot be answered', () => {
  const hearer = listenToAiSdkUi();
  expect(hearer.hear({ event: 'message', json: { type: 'reset-step' }, text: '' })).toEqual([
    { type: 'discard' },
  ]);
  const json = { type: 'tool-approval-request', approvalId: 'a', toolCallId: 'c1' };
  expect(hearer.hear({ event: 'message', json, text: '' })).toEqual([
    { type: 'failed', error: expect.objectContaining({ code: 'approval_unsupported' }) },
  ]);
});

test('a route is asked with UI messages', () => {
  expect(aiSdkUi.toRequest(createAsked({ history })).body).toMatchObject({
    id: 's.t1',
    trigger: 'submit-message',
    messages: [
      { role: 'user', parts: [{ type: 'text', text: 'Add 1 and 1' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'Let me see.' },
          { type: 'dynamic-tool', toolName: 'add', state: 'output-available', input: { a: 1 }, output: '2' },
        ],
      },
      { role: 'assistant', parts: [{ type: 'text', text: 'It is 2.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
    ],
  });
});
