import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCallNames } from '../kit/index.ts';
import { createGraphCalls } from './create-graph-calls.ts';
import { createGraphMapper } from './create-graph-mapper.ts';
import { createGraphMessages } from './create-graph-messages.ts';
import { createToolWatch } from './create-tool-watch.ts';
import { piecesOf, stopReasonOf } from './read-message.ts';

function createMapper(known: readonly string[] = [], isResumed = false) {
  const watch = createToolWatch(() => {});
  const calls = createGraphCalls(createCallNames());
  const messages = createGraphMessages(watch, calls, known);
  return createGraphMapper({ watch, calls, messages, isResumed });
}

const place = { langgraph_checkpoint_ns: 'model:1', langgraph_step: 1 };
const chunk = (fields: object) => [
  [],
  'messages',
  [{ type: 'ai', id: 'm', tool_call_chunks: [], ...fields }, place],
];
const update = (...messages: readonly object[]) => [[], 'updates', { model: { messages } }];
const typesOf = (events: readonly unknown[]) => events.map((event) => (event as { type: string }).type);

test('reasoning is found wherever a provider puts it', () => {
  for (const fields of [
    { content: [{ type: 'reasoning', reasoning: 'Hm.' }] },
    { content: [{ type: 'thinking', thinking: 'Hm.' }] },
    { content: [{ type: 'reasoning_content', reasoningText: { text: 'Hm.' } }] },
    { content: '', additional_kwargs: { reasoning_content: 'Hm.' } },
    { content: '', additional_kwargs: { reasoning: { summary: [{ type: 'summary_text', text: 'Hm.' }] } } },
  ])
    expect(piecesOf(fields)).toEqual([{ kind: 'reasoning', data: 'Hm.' }]);
});

test('text is found in texts and blocks, and nothing in blocks of other kinds', () => {
  expect(piecesOf({ content: 'One.' })).toEqual([{ kind: 'content', data: 'One.' }]);
  const content = ['One.', { type: 'text', text: 'Two.' }, { type: 'input_json_delta', input: '{' }, 7, null];
  expect(piecesOf({ content }).map(({ data }) => data)).toEqual(['One.', 'Two.']);
});

test('the reason of the end is told in the words of the protocol', () => {
  const reasonOf = (response_metadata: object) => stopReasonOf({ response_metadata });
  expect(stopReasonOf(undefined)).toBe('end_turn');
  expect(reasonOf({ finish_reason: 'stop' })).toBe('end_turn');
  expect(reasonOf({ finishReason: 'STOP' })).toBe('end_turn');
  expect(reasonOf({ stop_reason: 'end_turn' })).toBe('end_turn');
  expect(reasonOf({ finish_reason: 'length' })).toBe('max_tokens');
  expect(reasonOf({ finishReason: 'MAX_TOKENS' })).toBe('max_tokens');
  expect(reasonOf({ finish_reason: 'content_filter' })).toBe('content_filter');
});

test('a message that came in chunks, or is known, is not told again when it is finished', () => {
  const mapper = createMapper(['old']);
  expect(typesOf(mapper.map(chunk({ content: 'Hi.' })))).toEqual(['step_start', 'content_start', 'content']);
  expect(typesOf(mapper.map(update({ type: 'ai', id: 'm', content: 'Hi.' })))).toEqual(['content_end']);
  expect(mapper.map(update({ type: 'ai', id: 'm', content: 'Hi.' }))).toEqual([]);
  expect(mapper.map(update({ type: 'ai', id: 'old', content: 'Old.' }))).toEqual([]);
});

test('a chunk that comes after its message adds its usage and nothing else', () => {
  const mapper = createMapper();
  mapper.map(chunk({ content: 'H' }));
  expect(mapper.map(update({ type: 'ai', id: 'm', content: 'Hi.' })).at(-1)).toEqual({
    type: 'replace',
    part: 'm1',
    data: 'Hi.',
  });
  const usage_metadata = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  expect(typesOf(mapper.map(chunk({ content: 'i.', usage_metadata })))).toEqual(['usage']);
});

test('calls of one id and without ids keep apart, and each result ends one call', () => {
  const mapper = createMapper();
  const call = (id: string | undefined, n: number) => ({ id, name: 'look', args: { n } });
  const tool_calls = [call('c', 1), call('c', 2), call(undefined, 3)];
  const used = mapper.map(update({ type: 'ai', id: 'm', content: '', tool_calls }));
  expect(used.slice(1)).toEqual([
    { type: 'tool_use', call: 'c', tool: 'look', input: { n: 1 } },
    { type: 'tool_use', call: 'c-2', tool: 'look', input: { n: 2 } },
    { type: 'tool_use', call: 'call', tool: 'look', input: { n: 3 } },
  ]);
  const result = (id: string, content: string) => ({
    type: 'tool',
    id,
    tool_call_id: 'c',
    name: 'look',
    content,
  });
  const ended = mapper.map(update(result('r1', 'one'), result('r2', 'two'), result('r3', 'three')));
  expect(ended).toMatchObject([
    { call: 'c', output: 'one' },
    { call: 'c-2', output: 'two' },
  ]);
  const tools = (event: string, more: object = {}) => [[], 'tools', { event, name: 'look', ...more }];
  expect(mapper.map(tools('on_tool_start', { input: '{"n":3}' }))).toEqual([]);
  expect(mapper.map(tools('on_tool_end', { output: 3 }))).toMatchObject([
    { call: 'call', output: 3, status: 'ok' },
  ]);
});

test('a call in the form of the API of OpenAI is a call too', () => {
  const tool_calls = [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"n":1}' } }];
  const [, used] = createMapper().map(update({ role: 'assistant', content: '', tool_calls }));
  expect(used).toEqual({ type: 'tool_use', call: 'c', tool: 'look', input: { n: 1 } });
});

test('a result of blocks is their text, or the blocks if some are no text', () => {
  for (const [content, output] of [
    [
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      'ab',
    ],
    [[{ type: 'image_url' }], [{ type: 'image_url' }]],
  ]) {
    const mapper = createMapper();
    mapper.map(
      update({ type: 'ai', id: 'm', content: '', tool_calls: [{ id: 'c', name: 'look', args: {} }] }),
    );
    expect(mapper.map(update({ type: 'tool', tool_call_id: 'c', content }))).toMatchObject([{ output }]);
  }
});

test('what a task did before an interrupt is not told again', () => {
  const part = [
    [],
    'updates',
    { say: { messages: { role: 'ai', content: 'Hi.' } }, __metadata__: { cached: true } },
  ];
  expect(createMapper([], true).map(part)).toEqual([]);
  expect(typesOf(createMapper().map(part))).toContain('content');
});

test('the mapper never throws, whatever it is given', () => {
  const odd = fc.anything({ maxDepth: 3 });
  const part = fc.tuple(
    fc.oneof(odd, fc.array(fc.string())),
    fc.constantFrom('messages', 'updates', 'tools', 'custom', 'checkpoints', 'other'),
    fc.oneof(
      odd,
      fc.tuple(
        fc.record({ type: fc.constantFrom('ai', 'tool'), id: odd, content: odd, tool_call_chunks: odd }),
        odd,
      ),
      fc.record({
        node: fc.record({
          messages: fc.array(fc.record({ role: fc.constant('ai'), tool_calls: odd, content: odd })),
        }),
      }),
      fc.record({
        event: fc.constantFrom('on_tool_start', 'on_tool_event', 'on_tool_end', 'on_tool_error'),
        toolCallId: odd,
        name: odd,
        input: odd,
      }),
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, odd), { maxLength: 8 }), (parts) => {
      const mapper = createMapper();
      for (const each of parts) for (const event of mapper.map(each)) expect(event).toHaveProperty('type');
      for (const event of mapper.end()) expect(event).toHaveProperty('type');
    }),
    { numRuns: 300 },
  );
});

test('names that the model made up are cut to what an event takes', () => {
  const name = 'x'.repeat(300);
  const mapper = createMapper();
  const tool_call_chunks = [{ index: 0, id: name, name, args: '{}' }];
  const tool_calls = [{ id: name, name, args: {} }];
  const events = [
    ...mapper.map(chunk({ content: '', tool_call_chunks })),
    ...mapper.map(update({ type: 'ai', id: 'm', content: '', tool_calls })),
    ...mapper.map(update({ type: 'tool', id: 'r', tool_call_id: name, name, content: 'no such tool' })),
  ];
  expect(typesOf(events).slice(1)).toEqual(['tool_use_start', 'tool_use_input', 'tool_use', 'tool_result']);
  for (const event of events) {
    const { tool = '', call = '' } = event as { tool?: string; call?: string };
    expect([tool.length, call.length].every((length) => length <= 200)).toBe(true);
  }
});

test('calls whose input is no JSON are told', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  for (const args of [circle, { sum: 1n }]) {
    const mapper = createMapper();
    const tool_calls = [{ id: 'c', name: 'pay', args }];
    for (const id of [undefined, 'm'])
      expect(typesOf(mapper.map(update({ type: 'ai', id, content: '', tool_calls })))).toContain('tool_use');
  }
});
