import { expect, test } from 'vitest';
import type { Heard } from '../heard.ts';
import { createAsked, hearAll } from './hear-all.fixture.ts';
import { prompt } from './prompt.ts';

const hear = (...data: readonly unknown[]): readonly Heard[] =>
  hearAll(prompt.listen(createAsked(), 'events'), data);
const end = { type: 'end' };

test('named events are heard', () => {
  const tool = { tool: 'add', input: { a: 1 }, id: 'c1' };
  expect(
    hear(
      ['content', { content: 'Let me ' }],
      ['ping', {}],
      ['reasoning', { reasoning: 'Add.' }],
      ['tool_use', tool],
      ['content', { content: 'see.' }],
      ['end', {}],
    ),
  ).toEqual([
    { type: 'content', data: 'Let me ' },
    { type: 'reasoning', data: 'Add.' },
    { type: 'tool_use', call: 'c1', tool: 'add', input: { a: 1 } },
    { type: 'content', data: 'see.' },
    { type: 'tool_result', call: 'c1', output: null, status: 'ok' },
    end,
    end,
  ]);
});

test.each([
  [[['ping', {}]]],
  [[['metadata', { run: 'r1' }]]],
  [[{ type: 'ping' }]],
  [[{ type: 'session_start', session: 's' }, ['ping', {}]]],
])('the frames %j before the answer do not decide its form', (before) => {
  expect(hear(...before, ['content', { content: 'Hi' }])).toContainEqual({ type: 'content', data: 'Hi' });
  expect(hear(...before, { type: 'content', data: 'Hi' })).toContainEqual({ type: 'content', data: 'Hi' });
  expect(hear(...before, { data: 'Hi' })).toContainEqual({ type: 'content', data: 'Hi' });
});

test('an answer in a protocol that is not known is a failure, and not an empty answer', () => {
  const heard = hear(
    ['message_start', { type: 'message_start' }],
    ['content_block_delta', { type: 'content_block_delta', delta: { text: 'Hi' } }],
  );
  expect(heard).toEqual([{ type: 'failed', error: expect.objectContaining({ code: 'upstream_failed' }) }]);
});

test.each([[{ type: 'content', data: 'Half' }], [['content', { content: 'Half' }]], [{ data: 'Half' }]])(
  'an error without a type after %j fails the turn',
  (first) => {
    const failed = { type: 'failed', error: expect.objectContaining({ code: 'upstream_failed' }) };
    expect(hear(first, { error: 'boom' })).toContainEqual(failed);
  },
);

test('named results and approvals are heard', () => {
  expect(
    hear(
      ['tool_use', { tool: 'pay', input: {}, id: 7 }],
      ['tool_result', { id: 7, output: 'no', status: 'error' }],
      ['approval', { approval_id: 'a1', reason: 'Pay?', call: 'c2' }],
      ['end', {}],
    ).slice(1, -1),
  ).toEqual([
    { type: 'tool_result', call: '7', output: 'no', status: 'error' },
    { type: 'approval_request', approval: 'a1', reason: 'Pay?', call: 'c2' },
    end,
  ]);
});

test('a named call that is told again while its input grows is one call', () => {
  const use = (input: unknown): unknown => ['tool_use', { tool: 'add', id: 'c1', input }];
  expect(
    hear(use(''), use('{"a"'), use('{"a":1}'), ['content', { content: 'Two.' }], ['end', {}]).slice(0, -1),
  ).toEqual([
    { type: 'tool_use_start', call: 'c1', tool: 'add' },
    { type: 'tool_use_input', call: 'c1', data: '{"a"' },
    { type: 'tool_use_input', call: 'c1', data: ':1}' },
    { type: 'tool_use', call: 'c1', tool: 'add', input: { a: 1 } },
    { type: 'content', data: 'Two.' },
    { type: 'tool_result', call: 'c1', output: null, status: 'ok' },
    end,
  ]);
  expect(hear(use({ a: 1 }), use({ a: 1 })).slice(0, -1)).toHaveLength(2);
});

test('typed calls and texts with fields of other names are heard', () => {
  const data = [
    { type: 'content', content: 'Hi' },
    { type: 'tool_use', tool: 'add', input: {} },
    { type: 'end' },
  ];
  expect(hear(...data).slice(0, -1)).toEqual([
    { type: 'content', data: 'Hi' },
    { type: 'tool_use', call: 'call', tool: 'add', input: {} },
    { type: 'tool_result', call: 'call', output: null, status: 'ok' },
    end,
  ]);
});

test('typed events are heard, and events of unknown types are left out', () => {
  expect(
    hear(
      { type: 'session_start', session: 's' },
      'Hi',
      { type: 'content', data: ' you', part: 'p1' },
      { type: 'save', snapshot: { n: 1 } },
      { type: 'usage', usage: { input_tokens: 3 } },
      { type: 'message_end', outcome: 'completed', reason: 'end_turn', usage: { output_tokens: 5 } },
    ),
  ).toEqual([
    'Hi',
    { type: 'content', data: ' you', part: 'p1' },
    { type: 'save', snapshot: { n: 1 } },
    { type: 'usage', usage: { input_tokens: 3 } },
    { type: 'usage', usage: { output_tokens: 5 } },
    { type: 'stop', reason: 'end_turn' },
    end,
    end,
  ]);
});

test.each([
  [{ type: 'error', code: 'too_big', message: 'Too big.', detail: 'line 7' }, 'too_big', 'Too big.'],
  [{ type: 'message_end', outcome: 'failed', error: { code: 'x', message: 'Y.' } }, 'x', 'Y.'],
  [{ type: 'error', code: 'quota' }, 'quota', 'The agent failed to answer.'],
  [{ type: 'error', code: 'Not A Code', message: 'sk-1' }, 'upstream_failed', 'The agent failed to answer.'],
  [{ type: 'message_end', outcome: 'cancelled' }, 'upstream_failed', 'The agent failed to answer.'],
])(
  'the error %j has a code, and its message is public only with a code of its own',
  (data, code, message) => {
    expect(hear({ type: 'content', data: 'Half' }, data)).toContainEqual({
      type: 'failed',
      error: expect.objectContaining({ name: 'AgentError', code, message }),
    });
  },
);

const loop = (text: string): readonly unknown[] => [
  { init_event_loop: true },
  { start: true },
  { start_event_loop: true },
  { event: { messageStart: { role: 'assistant' } } },
  { event: { contentBlockDelta: { delta: { text }, contentBlockIndex: 0 } } },
  { data: text, delta: { text } },
  { event: { contentBlockStop: { contentBlockIndex: 0 } } },
];

test('raw events of Strands for Python are heard, and text that comes twice is said once', () => {
  const use = { toolUseId: 'u1', name: 'add', input: { a: 1 } };
  const heard = hear(
    ...loop('Let me see.'),
    { event: { contentBlockStart: { start: { toolUse: { toolUseId: 'u1', name: 'add' } } } } },
    { event: { contentBlockDelta: { delta: { toolUse: { input: '{"a":1}' } } } } },
    { type: 'tool_use_stream', current_tool_use: { toolUseId: 'u1', name: 'add', input: '{"a":1}' } },
    { event: { contentBlockStop: {} } },
    { event: { messageStop: { stopReason: 'tool_use' } } },
    { event: { metadata: { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } } } },
    { message: { role: 'assistant', content: [{ text: 'Let me see.' }, { toolUse: use }] } },
    { tool_stream_event: { tool_use: use, data: 'half' } },
    {
      message: {
        role: 'user',
        content: [{ toolResult: { toolUseId: 'u1', status: 'success', content: [{ text: '2' }] } }],
      },
    },
    { event_loop_throttled_delay: 4 },
    { force_stop: true, force_stop_reason: 'sk-secret' },
    { result: { stop_reason: 'end_turn' } },
  );
  expect(heard).toEqual([
    { type: 'step_start' },
    { type: 'content_start' },
    { type: 'content', data: 'Let me see.' },
    { type: 'content_end' },
    { type: 'tool_use_start', call: 'u1', tool: 'add' },
    { type: 'tool_use_input', call: 'u1', data: '{"a":1}' },
    { type: 'stop', reason: 'tool_use' },
    { type: 'usage', usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 } },
    { type: 'tool_use', call: 'u1', tool: 'add', input: { a: 1 } },
    { type: 'tool_progress', call: 'u1', data: 'half' },
    { type: 'tool_result', call: 'u1', output: '2', status: 'ok' },
    { type: 'stop', reason: 'end_turn' },
    end,
  ]);
});

test('events of Strands that Python printed are left out', () => {
  expect(hear("{'init_event_loop': True, 'agent': <strands.Agent>}", { data: 'Hi' })).toEqual([
    { type: 'content_start' },
    { type: 'content', data: 'Hi' },
    end,
  ]);
});

test('inner agents of Strands speak by their names', () => {
  const inner = { tool_use: { toolUseId: 'u1', name: 'researcher' }, data: { data: 'Found.' } };
  const heard = hear(
    { type: 'multiagent_node_stream', node_id: 'writer', event: { data: 'Text.' } },
    { type: 'multiagent_handoff', from_node_ids: ['writer'], to_node_ids: ['editor'] },
    { tool_stream_event: inner },
  );
  expect(heard).toContainEqual({ type: 'content', data: 'Text.', agent: ['writer'] });
  expect(heard).toContainEqual({ type: 'content', data: 'Found.', agent: ['researcher'] });
  expect(heard).toContainEqual({
    type: 'custom',
    name: 'handoff',
    data: { from_node_ids: ['writer'], to_node_ids: ['editor'] },
  });
});

test('a redaction of Strands replaces the text, and an interrupt cannot be answered', () => {
  expect(
    hear(...loop('Bad.'), { event: { redactContent: { redactAssistantContentMessage: 'Blocked.' } } }),
  ).toContainEqual({ type: 'replace', data: 'Blocked.' });
  expect(hear({ data: 'Hm' }, { result: { interrupts: [{ id: 'i1' }] } })).toContainEqual({
    type: 'failed',
    error: expect.objectContaining({ code: 'approval_unsupported' }),
  });
});

test.each([
  [{ type: 'RUN_STARTED' }, { type: 'RUN_FINISHED' }],
  [{ choices: [{ delta: { content: '' } }] }, { choices: [{ delta: {}, finish_reason: 'stop' }] }],
  [{ type: 'response.created' }, { type: 'response.completed', response: {} }],
  [{ type: 'start', messageId: 'm' }, { type: 'finish' }],
])('a protocol that begins with %j is found out, and needs its own end', (first, last) => {
  expect(hear(first)).not.toContainEqual(end);
  expect(hear(first, last)).toContainEqual(end);
});

test('a body that ends with its connection is no end, unless the end was told', () => {
  for (const [data, isEnd] of [
    [{ type: 'content', data: 'Hi' }, false],
    [{ type: 'end' }, true],
  ] as const) {
    const hearer = prompt.listen(createAsked(), 'events');
    const heard = hearer.hear({ event: 'message', json: data, text: '' });
    expect(
      [...heard, ...hearer.end(false)].some((each) => typeof each !== 'string' && each.type === 'end'),
    ).toBe(isEnd);
  }
});
