import { expect, test } from 'vitest';
import { createUpdateMapper } from './create-update-mapper.ts';

/** Maps updates, each as `[sessionUpdate, fields]`. */
function map(...updates: readonly (readonly [string, object])[]) {
  const mapper = createUpdateMapper();
  return updates.flatMap(([sessionUpdate, fields]) => mapper.update({ sessionUpdate, ...fields }));
}
const text = (data: string) => ({ content: { type: 'text', text: data } });
const shown = (data: string) => ({ content: [{ type: 'content', content: { type: 'text', text: data } }] });

test('text and thoughts, and a new message in a part of its own', () => {
  expect(
    map(
      ['agent_thought_chunk', text('They greet.')],
      ['agent_message_chunk', { ...text('Hel'), messageId: 'm1' }],
      ['agent_message_chunk', { ...text('lo.'), messageId: 'm1' }],
      ['agent_message_chunk', { ...text(''), messageId: 'm2' }],
      ['agent_message_chunk', { ...text('Well?'), messageId: 'm2' }],
    ),
  ).toEqual([
    { type: 'step_start' },
    { type: 'reasoning', data: 'They greet.' },
    { type: 'content', data: 'Hel' },
    { type: 'content', data: 'lo.' },
    { type: 'content_end' },
    { type: 'content', data: 'Well?' },
  ]);
});

test('a call whose input comes late starts, and is used when it runs', () => {
  expect(
    map(
      ['tool_call', { toolCallId: 'c', title: 'Read', kind: 'read', status: 'pending', rawInput: {} }],
      ['tool_call_update', { toolCallId: 'c', title: 'Read a.ts' }],
      ['tool_call_update', { toolCallId: 'c', rawInput: { path: 'a.ts' } }],
      ['tool_call_update', { toolCallId: 'c', status: 'in_progress', ...shown('half') }],
      ['tool_call_update', { toolCallId: 'c', status: 'completed', rawOutput: { lines: 3 } }],
      ['tool_call_update', { toolCallId: 'c', status: 'failed' }],
      ['agent_message_chunk', text('Done.')],
    ),
  ).toEqual([
    { type: 'step_start' },
    { type: 'tool_use_start', call: 'c', tool: 'read' },
    { type: 'tool_use', call: 'c', tool: 'read', input: { path: 'a.ts' } },
    { type: 'tool_progress', call: 'c', data: 'half' },
    { type: 'tool_result', call: 'c', output: 'half', status: 'ok' },
    { type: 'step_start' },
    { type: 'content', data: 'Done.' },
  ]);
});

test('a call that is told by its result only, without an input, has its title as input', () => {
  const diff = { type: 'diff', path: '/a.ts', oldText: 'a', newText: 'b' };
  expect(
    map([
      'tool_call',
      { toolCallId: 'c', title: 'Edit a.ts', name: 'patch', kind: 'edit', status: 'failed', content: [diff] },
    ]),
  ).toEqual([
    { type: 'step_start' },
    { type: 'tool_use_start', call: 'c', tool: 'patch' },
    { type: 'tool_use', call: 'c', tool: 'patch', input: { title: 'Edit a.ts' } },
    { type: 'tool_result', call: 'c', output: [diff], status: 'error' },
  ]);
});

test('an update of an unknown call is a call; raw output counts where nothing is shown', () => {
  expect(map(['tool_call_update', { toolCallId: 'c', status: 'completed', rawOutput: 7 }]).slice(1)).toEqual([
    { type: 'tool_use_start', call: 'c', tool: 'tool' },
    { type: 'tool_use', call: 'c', tool: 'tool', input: {} },
    { type: 'tool_result', call: 'c', output: 7, status: 'ok' },
  ]);
});

test('output that is told again and again is cut to its end', () => {
  const [, , , progress] = map([
    'tool_call',
    { toolCallId: 'c', title: 'Make', status: 'in_progress', ...shown(`begin${'x'.repeat(10_000)}end`) },
  ]);
  expect(progress).toMatchObject({ type: 'tool_progress', data: expect.stringMatching(/^…x+end$/) });
  expect(JSON.stringify(progress).length).toBeLessThan(4_100);
});

test('plans, the context and blocks that are no text are customs; the rest is nothing', () => {
  const entry = { content: 'Look', priority: 'high', status: 'pending' };
  expect(
    map(
      ['plan', { entries: [entry] }],
      ['usage_update', { used: 10, size: 100, cost: null }],
      ['agent_message_chunk', { content: { type: 'image', mimeType: 'image/png', data: 'AA==' } }],
      ['agent_message_chunk', { content: { type: 'resource_link', uri: 'file:///a', name: 'a' } }],
      ['available_commands_update', { availableCommands: [] }],
      ['user_message_chunk', text('Hi')],
      ['of_a_later_version', {}],
    ),
  ).toEqual([
    { type: 'custom', name: 'plan', data: { entries: [entry] } },
    { type: 'custom', name: 'context', data: { used: 10, size: 100 } },
    { type: 'step_start' },
    { type: 'custom', name: 'file', data: { media_type: 'image/png', data: 'AA==' } },
    { type: 'custom', name: 'source', data: { url: 'file:///a', title: 'a' } },
  ]);
});

test('a question puts its call into the log, and open calls are told again', () => {
  const mapper = createUpdateMapper();
  mapper.update({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Run', status: 'completed' });
  mapper.update({ sessionUpdate: 'tool_call', toolCallId: 'd', title: 'Later' });
  const asked = mapper.ask({
    toolCallId: 'c2',
    title: 'Run make',
    kind: 'execute',
    rawInput: { command: 'make' },
  });
  const use = { type: 'tool_use', call: 'c2', tool: 'execute', input: { command: 'make' } };
  expect(asked).toEqual({
    call: 'c2',
    title: 'Run make',
    events: [{ type: 'tool_use_start', call: 'c2', tool: 'execute' }, use],
  });
  expect(mapper.ask({ toolCallId: 'c2' })).toEqual({ call: 'c2', title: 'Run make', events: [] });
  expect(mapper.resume()).toEqual([
    { type: 'step_start' },
    { type: 'tool_use_start', call: 'd', tool: 'tool' },
    use,
  ]);
});

test.each([
  [{ stopReason: 'max_turn_requests' }, [{ type: 'stop', reason: 'max_turn_requests' }]],
  [undefined, [{ type: 'stop', reason: 'other' }]],
])('the result %j', (result, events) => {
  expect(createUpdateMapper().end(result)).toEqual(events);
});

test.each([
  [undefined],
  [null],
  [7],
  [{}],
  [{ sessionUpdate: 'tool_call_update' }],
  [{ sessionUpdate: 'plan' }],
])('%j throws nothing', (update) => {
  createUpdateMapper().update(update);
});
