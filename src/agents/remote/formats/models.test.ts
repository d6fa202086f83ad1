import { expect, test } from 'vitest';
import type { Heard } from '../heard.ts';
import { createAsked, hearAll } from './hear-all.fixture.ts';
import { listenToOpenai } from './openai-chunks.ts';
import { openai } from './openai.ts';
import { listenToResponses } from './responses-events.ts';
import { responses } from './responses.ts';
import { history } from './history.fixture.ts';

const none = 'No tool of this name is run here.';

test('the chunks of a chat completion are heard', () => {
  const chunk = (delta: object, more: object = {}): unknown => ({ choices: [{ index: 0, delta, ...more }] });
  const heard: readonly Heard[] = hearAll(listenToOpenai(), [
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'Hm.' }),
    chunk({ reasoning: 'So.' }),
    chunk({ content: 'Hi' }),
    chunk({ tool_calls: [{ index: 0, id: 'call_0', function: { name: 'add', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
    chunk({ tool_calls: [{ index: 1, id: 'call_0', function: { name: 'add', arguments: '{' } }] }),
    chunk({}, { finish_reason: 'tool_calls' }),
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
  ]);
  expect(heard).toEqual([
    { type: 'step_start' },
    { type: 'reasoning', data: 'Hm.' },
    { type: 'reasoning', data: 'So.' },
    { type: 'content', data: 'Hi' },
    { type: 'tool_use_start', call: 'call_0', tool: 'add' },
    { type: 'tool_use_input', call: 'call_0', data: '{"a":' },
    { type: 'tool_use_input', call: 'call_0', data: '1}' },
    { type: 'tool_use_start', call: 'call_0-2', tool: 'add' },
    { type: 'tool_use_input', call: 'call_0-2', data: '{' },
    { type: 'tool_use', call: 'call_0', tool: 'add', input: { a: 1 } },
    { type: 'tool_result', call: 'call_0', output: none, status: 'error' },
    { type: 'tool_use', call: 'call_0-2', tool: 'add', input: '{' },
    { type: 'tool_result', call: 'call_0-2', output: none, status: 'error' },
    { type: 'stop', reason: 'tool_use' },
    { type: 'usage', usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 } },
    { type: 'end' },
  ]);
});

test('a completion that was not streamed is heard', () => {
  const whole = { choices: [{ message: { content: 'Hello.' }, finish_reason: 'length' }] };
  expect(hearAll(listenToOpenai(), [whole])).toEqual([
    { type: 'step_start' },
    { type: 'content', data: 'Hello.' },
    { type: 'stop', reason: 'max_tokens' },
    { type: 'end' },
  ]);
});

test('[DONE] ends a completion without a reason', () => {
  expect(listenToOpenai().hear({ event: 'message', json: undefined, text: '[DONE]' })).toEqual([
    { type: 'end' },
  ]);
});

test('the events of Responses are heard', () => {
  const item = { type: 'function_call', id: 'i1', call_id: 'c1', name: 'add', arguments: '' };
  expect(
    hearAll(listenToResponses(), [
      { type: 'response.created' },
      { type: 'response.reasoning_summary_text.delta', delta: 'Hm.' },
      { type: 'response.reasoning_summary_part.done' },
      { type: 'response.output_text.delta', delta: 'Hi', item_id: 'm1' },
      { type: 'response.content_part.done' },
      { type: 'response.output_item.added', item },
      { type: 'response.function_call_arguments.delta', item_id: 'i1', delta: '{"a":1}' },
      { type: 'response.output_item.done', item: { ...item, arguments: '{"a":1}' } },
      {
        type: 'response.incomplete',
        response: {
          incomplete_details: { reason: 'max_output_tokens' },
          usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
        },
      },
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
    { type: 'tool_result', call: 'c1', output: none, status: 'error' },
    { type: 'usage', usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 } },
    { type: 'stop', reason: 'max_tokens' },
    { type: 'end' },
  ]);
});

test.each([
  [{ error: { code: 'rate_limit_exceeded' } }, 'model_throttled'],
  [{ error: { code: 'context_length_exceeded' } }, 'context_overflow'],
  [{ error: { code: 401, message: 'sk-1' } }, 'model_auth'],
  [{ error: 'out of memory' }, 'model_failed'],
])('the error %j in the stream of a model is %s', (data, code) => {
  for (const hearer of [listenToOpenai(), listenToResponses()])
    expect(hearAll(hearer, [data])).toContainEqual({
      type: 'failed',
      error: expect.objectContaining({ code }),
    });
});

const image = { type: 'image', media_type: 'image/png', data: 'AAAA' } as const;
const asked = createAsked({
  history,
  input: { type: 'message', content: [{ type: 'text', text: 'And this?' }, image] },
});
const upstream = { ...asked.upstream, model: 'qwen3', instructions: 'Be brief.' };

test('a chat completion is asked for with the instructions and the whole conversation', () => {
  expect(openai.toRequest({ ...asked, upstream }).body).toEqual({
    model: 'qwen3',
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Add 1 and 1' },
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '2' },
      { role: 'assistant', content: 'It is 2.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ],
  });
});

test('a response is asked for with the instructions and the whole conversation, and is not stored', () => {
  expect(responses.toRequest({ ...asked, upstream }).body).toEqual({
    model: 'qwen3',
    instructions: 'Be brief.',
    stream: true,
    store: false,
    input: [
      { role: 'user', content: 'Add 1 and 1' },
      { role: 'assistant', content: 'Let me see.' },
      { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'c1', output: '2' },
      { role: 'assistant', content: 'It is 2.' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'And this?' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        ],
      },
    ],
  });
});
