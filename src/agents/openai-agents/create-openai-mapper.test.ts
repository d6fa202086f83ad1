import { describe, expect, test } from 'vitest';
import { standingText } from '../kit/run-turn.fixture.ts';
import type { AgentEvent } from '../../protocol/index.ts';
import { createOpenaiMapper } from './create-openai-mapper.ts';
import type { HeardEvent, OpenaiMapper } from './create-openai-mapper.ts';

const isHandoff = (tool: string): boolean => tool === 'transfer_to_B';
const mapperOf = (calls: Parameters<typeof createOpenaiMapper>[0]['calls'] = []): OpenaiMapper =>
  createOpenaiMapper({ calls, denied: new Set(), isHandoff });

const raw = (data: object): HeardEvent => ({
  type: 'stream',
  event: { type: 'raw_model_stream_event', data },
});
const model = (event: object): HeardEvent => raw({ type: 'model', event });
const chunk = (delta: object): HeardEvent => model({ choices: [{ index: 0, delta }] });
const item = (name: string, fields: object): HeardEvent => ({
  type: 'stream',
  event: { type: 'run_item_stream_event', name, item: fields },
});
const text = (delta: string, itemId?: string): HeardEvent =>
  raw({ type: 'output_text_delta', delta, itemId });
const done = (...output: readonly object[]): HeardEvent =>
  raw({ type: 'response_done', response: { output } });
const message = (...texts: readonly string[]): object => ({
  type: 'message',
  role: 'assistant',
  content: texts.map((each) => ({ type: 'output_text', text: each })),
});
const started = raw({ type: 'response_started' });

type Spoken = Exclude<AgentEvent, string>;

function hear(heard: readonly HeardEvent[], mapper = mapperOf()): readonly Spoken[] {
  return heard
    .flatMap((each) => mapper.map(each))
    .filter((event): event is Spoken => typeof event !== 'string');
}
const typesOf = (events: readonly Spoken[]): readonly string[] => events.map(({ type }) => type);

describe('text', () => {
  test('of two messages is two parts', () => {
    const events = hear([
      started,
      text('a', 'm1'),
      text('b', 'm1'),
      text('c', 'm2'),
      done(message('ab'), message('c')),
    ]);
    expect(typesOf(events)).toEqual([
      'step_start',
      'content_start',
      'content',
      'content',
      'content_end',
      'content_start',
      'content',
      'content_end',
    ]);
  });

  test('that was not streamed is said when the answer is whole', () => {
    expect(standingText([...hear([started, text('Hel'), done(message('Hello'))])])).toBe('Hello');
    expect(standingText([...hear([done(message('Hello'))])])).toBe('Hello');
    const refusal = { type: 'message', content: [{ type: 'refusal', refusal: ' No.' }] };
    expect(standingText([...hear([started, text('Hm.'), done(message('Hm.'), refusal)])])).toBe('Hm. No.');
  });

  test('that the finished answer does not have is replaced', () => {
    expect(standingText([...hear([started, text('Wrong'), done(message('Right'))])])).toBe('Right');
  });

  test('of an answer that begins again is discarded, and its calls are forgotten', () => {
    const begun = chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'look', arguments: '{' } }] });
    const events = hear([started, text('Half'), begun, started, text('Whole'), done(message('Whole'))]);
    expect(standingText([...events])).toBe('Whole');
    const used = hear([
      item('tool_called', {
        rawItem: { type: 'function_call', callId: 'c1', name: 'look', arguments: '{}' },
      }),
    ]);
    expect(used).toMatchObject([{ type: 'tool_use', call: 'c1' }]);
  });

  test('of a message of the SDK itself is said, and one that was streamed is not said again', () => {
    const heard = [
      started,
      text('Hi.'),
      done(message('Hi.')),
      item('message_output_created', { rawItem: message('Hi.') }),
    ];
    expect(standingText([...hear(heard)])).toBe('Hi.');
    const own = item('message_output_created', { rawItem: message('Too much.') });
    expect(standingText([...hear([...heard, own])])).toBe('Hi.Too much.');
  });
});

test('an answer that was cut off has its reason, until the next one', () => {
  const mapper = mapperOf();
  const end = (reason: string) => model({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
  hear([started, text('Half'), end('length'), done(message('Half'))], mapper);
  expect(mapper.outer.reason()).toBe('max_tokens');
  hear([started, text('Whole'), end('stop'), done(message('Whole'))], mapper);
  expect(mapper.outer.reason()).toBe('end_turn');
});

describe('reasoning', () => {
  test.each([
    ['Responses', model({ type: 'response.reasoning_summary_text.delta', delta: 'Hm.' })],
    ['Responses, of open models', model({ type: 'response.reasoning_text.delta', delta: 'Hm.' })],
    ['chat completions', chunk({ reasoning_content: 'Hm.' })],
    ['chat completions of other providers', chunk({ reasoning: 'Hm.' })],
  ])('of %s is apart from text, and is said once', (_, delta) => {
    const whole = { type: 'reasoning', content: [], rawContent: [{ type: 'reasoning_text', text: 'Hm.' }] };
    const events = hear([started, delta, text('Yes.'), done(whole, message('Yes.'))]);
    expect(typesOf(events)).toEqual([
      'step_start',
      'reasoning_start',
      'reasoning',
      'reasoning_end',
      'content_start',
      'content',
      'content_end',
    ]);
  });

  test('that was not streamed is said before its text', () => {
    const whole = { type: 'reasoning', content: [{ type: 'input_text', text: 'Hm.' }] };
    expect(
      hear([started, done(whole, message('Yes.'))]).map((event) => ('data' in event ? event.data : '')),
    ).toEqual(['', '', 'Hm.', '', '', 'Yes.', '']);
  });
});

describe('calls', () => {
  const made = (id: string, name: string, text = '{"n":1}') =>
    item('tool_called', { rawItem: { type: 'function_call', callId: id, name, arguments: text } });
  const ended = (id: string, output: unknown) => item('tool_output', { rawItem: { callId: id }, output });

  test('of chat completions come by their index', () => {
    const calls = (...deltas: readonly object[]): HeardEvent => chunk({ tool_calls: deltas });
    const events = hear([
      started,
      calls({ index: 0, id: 'c1', function: { name: 'one', arguments: '' } }),
      calls({ index: 0, function: { arguments: '{"n"' } }),
      calls({ index: 1, id: 'c2', function: { name: 'two', arguments: '{}' } }),
      calls({ index: 0, function: { arguments: ':1}' } }),
    ]);
    expect(events.slice(1)).toEqual([
      { type: 'tool_use_start', call: 'c1', tool: 'one' },
      { type: 'tool_use_input', call: 'c1', data: '{"n"' },
      { type: 'tool_use_start', call: 'c2', tool: 'two' },
      { type: 'tool_use_input', call: 'c2', data: '{}' },
      { type: 'tool_use_input', call: 'c1', data: ':1}' },
    ]);
  });

  test('of one id, one after the other, are two calls', () => {
    const mapper = mapperOf();
    const events = hear(
      [made('call_0', 'one'), ended('call_0', 'a'), made('call_0', 'two'), ended('call_0', 'b')],
      mapper,
    );
    expect(events.map((event) => ('call' in event ? event.call : ''))).toEqual([
      'call_0',
      'call_0',
      'call_0-2',
      'call_0-2',
    ]);
    hear([made('call_0', 'three')], mapper);
    expect(mapper.idOf('call_0-3')).toBe('call_0');
    expect(mapper.idOf('call_0')).toBeUndefined();
  });

  test('with a result that the SDK words as a failure end as errors', () => {
    const words = [
      'An error occurred while running the tool. Please try again.',
      "Tool 'look' timed out after 50ms.",
      'An error occurred, my friend.',
    ];
    const events = words.flatMap((output) => hear([made('c', 'look'), ended('c', output)]));
    expect(events.flatMap((event) => (event.type === 'tool_result' ? [event.status] : []))).toEqual([
      'error',
      'error',
      'ok',
    ]);
  });

  test('with an input that is no JSON keep its text', () => {
    expect(hear([made('c1', 'look', '{"half')])).toMatchObject([{ input: '{"half' }]);
    expect(hear([made('c1', 'look', '')])).toMatchObject([{ input: {} }]);
  });

  test('of handoffs are not told, and the handoff is', () => {
    const added = { type: 'function_call', id: 'f1', call_id: 'h1', name: 'transfer_to_B' };
    const events = hear([
      started,
      model({ type: 'response.output_item.added', item: added }),
      model({ type: 'response.function_call_arguments.delta', item_id: 'f1', delta: '{}' }),
      item('handoff_requested', { rawItem: { ...added, callId: 'h1' } }),
      item('handoff_occurred', { sourceAgent: { name: 'A' }, targetAgent: { name: 'B' } }),
      { type: 'stream', event: { type: 'agent_updated_stream_event', agent: { name: 'B' } } },
    ]);
    expect(events.slice(1)).toEqual([
      { type: 'custom', name: 'handoff', data: { source: 'A', target: 'B' } },
    ]);
  });

  test('that the provider ran have their results at once', () => {
    const hosted = (name: string, fields: object) =>
      item('tool_called', {
        rawItem: { type: 'hosted_tool_call', id: 'w1', name, status: 'completed', ...fields },
      });
    const search = { type: 'web_search_call', id: 'w1', action: { type: 'search', query: 'x' } };
    const events = hear([
      started,
      model({ type: 'response.output_item.added', item: search }),
      hosted('web_search_call', { providerData: search }),
    ]);
    expect(events.slice(1)).toEqual([
      { type: 'tool_use_start', call: 'w1', tool: 'web_search_call' },
      {
        type: 'tool_use',
        call: 'w1',
        tool: 'web_search_call',
        input: { action: { type: 'search', query: 'x' } },
      },
      { type: 'tool_result', call: 'w1', output: 'completed', status: 'ok' },
    ]);
    const mcp = { type: 'mcp_call', name: 'find', arguments: '{"q":1}', server_label: 's', error: null };
    expect(hear([hosted('mcp_call', { providerData: mcp, output: 'found' })])).toMatchObject([
      { type: 'tool_use', tool: 'find', input: { q: 1 } },
      { type: 'tool_result', output: 'found', status: 'ok' },
    ]);
    expect(hear([hosted('mcp_call', { providerData: { ...mcp, error: 'broken' } })])).toMatchObject([
      { type: 'tool_use' },
      { type: 'tool_result', output: 'broken', status: 'error' },
    ]);
    for (const name of ['mcp_list_tools', 'mcp_approval_request'])
      expect(hear([hosted(name, { providerData: {} })])).toEqual([]);
  });

  test('of a computer, a shell or a patch are told by their type', () => {
    const rawItem = { type: 'shell_call', callId: 's1', action: { commands: ['ls'] } };
    expect(hear([item('tool_called', { rawItem }), ended('s1', { stdout: 'a' })])).toEqual([
      { type: 'tool_use', call: 's1', tool: 'shell_call', input: { commands: ['ls'] } },
      { type: 'tool_result', call: 's1', output: { stdout: 'a' }, status: 'ok' },
    ]);
  });

  test('that waited are told again under their names, and other names stay free', () => {
    const mapper = mapperOf([
      { id: 'call_0', call: 'call_0-2', tool: 'pay', input: { n: 1 }, isFunction: true },
    ]);
    expect(mapper.resume()).toEqual([{ type: 'tool_use', call: 'call_0-2', tool: 'pay', input: { n: 1 } }]);
    expect(mapper.idOf('call_0-2')).toBe('call_0');
    expect(hear([ended('call_0', 'paid'), made('call_0', 'pay')], mapper)).toMatchObject([
      { type: 'tool_result', call: 'call_0-2' },
      { type: 'tool_use', call: 'call_0' },
    ]);
  });
});

test('nothing odd makes it throw, and nothing odd is said', () => {
  const odd: readonly HeardEvent[] = [
    ...[undefined, null, 7, 'x', {}, { type: 'new_event' }].map(
      (event) => ({ type: 'stream', event }) as const,
    ),
    ...[null, {}, { type: 'response_done' }, { type: 'output_text_delta' }].map((data) =>
      raw(data as object),
    ),
    ...[{ choices: null }, { choices: [null] }, { type: 'response.output_item.added' }].map(model),
    ...['tool_called', 'tool_output', 'message_output_created', 'new'].map((name) => item(name, {})),
    { type: 'progress', toolCall: undefined, data: 1 },
  ];
  const said = hear(odd).filter(({ type }) => !['step_start', 'tool_use', 'tool_result'].includes(type));
  expect(said).toEqual([]);
});

test('agents that run as tools with calls of one id do not mix', () => {
  const mapper = mapperOf();
  const callOf = (name: string) => ({ type: 'function_call', callId: 'c1', name, arguments: '{}' });
  const [outer, middle, look] = ['middle', 'inner', 'look'].map(callOf);
  const from = (toolCall: unknown, heard: HeardEvent): HeardEvent =>
    heard.type === 'stream' ? { ...heard, toolCall } : heard;
  const events = hear(
    [
      item('tool_called', { rawItem: outer }),
      from(outer, item('tool_called', { rawItem: middle })),
      from(middle, item('tool_called', { rawItem: look })),
      { type: 'progress', toolCall: look, data: 'half' },
      from(middle, item('tool_output', { rawItem: { callId: 'c1' }, output: 'looked' })),
      from(middle, done(message('Inner.'))),
      from(outer, item('tool_output', { rawItem: { callId: 'c1' }, output: 'Inner.' })),
      from(outer, done(message('Middle.'))),
      item('tool_output', { rawItem: { callId: 'c1' }, output: 'Middle.' }),
    ],
    mapper,
  );
  const told = events.filter(({ type }) => ['tool_use', 'tool_progress', 'tool_result'].includes(type));
  expect(told.map(({ type, agent = [] }) => [type, agent.join('/')])).toEqual([
    ['tool_use', ''],
    ['tool_use', 'middle'],
    ['tool_use', 'middle/inner'],
    ['tool_progress', 'middle/inner'],
    ['tool_result', 'middle/inner'],
    ['tool_result', 'middle'],
    ['tool_result', ''],
  ]);
  expect(standingText([...events], 'middle/inner')).toBe('Inner.');
  expect(standingText([...events], 'middle')).toBe('Middle.');
});

test('names that the model made up are cut to what an event takes', () => {
  const name = 'x'.repeat(300);
  const added = { type: 'function_call', id: 'i', call_id: name, name };
  const used = { type: 'function_call', callId: name, name, arguments: '{}' };
  for (const begun of [
    model({ type: 'response.output_item.added', item: added }),
    chunk({ tool_calls: [{ index: 0, id: name, function: { name, arguments: '' } }] }),
  ]) {
    const events = hear([started, begun, item('tool_called', { rawItem: used })]);
    expect(typesOf(events)).toEqual(['step_start', 'tool_use_start', 'tool_use']);
    for (const event of events) {
      const { tool = '', call = '' } = event as { tool?: string; call?: string };
      expect([tool.length, call.length].every((length) => length <= 200)).toBe(true);
    }
  }
});

test('progress of an agent that is not heard costs nothing with each delta', () => {
  let reads = 0;
  const toolCall = {
    get callId() {
      reads += 1;
      return 'c9';
    },
  };
  const mapper = mapperOf();
  for (let count = 0; count < 100; count += 1) mapper.map({ type: 'progress', toolCall, data: count });
  const before = reads;
  for (let count = 0; count < 1_000; count += 1) mapper.map(text('a'));
  expect(reads - before).toBe(0);
});
