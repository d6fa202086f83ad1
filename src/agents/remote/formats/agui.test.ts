import { expect, test } from 'vitest';
import { listenToAgui } from './agui-events.ts';
import { agui } from './agui.ts';
import { createAsked, hearAll } from './hear-all.fixture.ts';
import { history } from './history.fixture.ts';

const hear = (...data: readonly unknown[]) => hearAll(listenToAgui(createAsked()), data);

test('the events of AG-UI are heard', () => {
  expect(
    hear(
      { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
      { type: 'STEP_STARTED', stepName: 'model' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'r1', delta: 'Hm.' },
      { type: 'REASONING_MESSAGE_END', messageId: 'r1' },
      { type: 'REASONING_ENCRYPTED_VALUE', entityId: 'r1', encryptedValue: 'x' },
      { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'Hi', rawEvent: { big: true } },
      { type: 'TEXT_MESSAGE_CHUNK', delta: '!' },
      { type: 'TEXT_MESSAGE_END', messageId: 'm1' },
      { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'add' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"a":1}' },
      { type: 'TOOL_CALL_RESULT', toolCallId: 'c1', messageId: 'x', content: '{"sum":2}' },
      { type: 'TOOL_CALL_CHUNK', toolCallId: 'c2', toolCallName: 'add', delta: '{' },
      { type: 'TOOL_CALL_CHUNK', delta: '}' },
      { type: 'TOOL_CALL_END', toolCallId: 'c2' },
      { type: 'STEP_FINISHED', stepName: 'model' },
      { type: 'RAW', event: {} },
      { type: 'CUSTOM', name: 'chart', value: [1] },
      { type: 'RUN_FINISHED', usage: [{ inputTokens: 3 }, { inputTokens: 4, outputTokens: 2 }] },
    ),
  ).toEqual([
    { type: 'step_start' },
    { type: 'reasoning', data: 'Hm.', part: 'r1' },
    { type: 'reasoning_end', part: 'r1' },
    { type: 'content', data: 'Hi', part: 'm1' },
    { type: 'content', data: '!', part: 'm1' },
    { type: 'content_end', part: 'm1' },
    { type: 'tool_use_start', call: 'c1', tool: 'add' },
    { type: 'tool_use_input', call: 'c1', data: '{"a":1}' },
    { type: 'tool_use', call: 'c1', tool: 'add', input: { a: 1 } },
    { type: 'tool_result', call: 'c1', output: { sum: 2 }, status: 'ok' },
    { type: 'tool_use_start', call: 'c2', tool: 'add' },
    { type: 'tool_use_input', call: 'c2', data: '{' },
    { type: 'tool_use_input', call: 'c2', data: '}' },
    { type: 'tool_use', call: 'c2', tool: 'add', input: {} },
    { type: 'step_end' },
    { type: 'custom', name: 'chart', data: [1] },
    { type: 'usage', usage: { input_tokens: 3 } },
    { type: 'usage', usage: { input_tokens: 4, output_tokens: 2 } },
    { type: 'save', snapshot: {} },
    { type: 'end' },
  ]);
});

test('sub-agents speak by their path', () => {
  expect(
    hear(
      { type: 'SUBAGENT_STARTED', subagentRunId: 's1', name: 'writer' },
      { type: 'SUBAGENT_STARTED', subagentRunId: 's2', parentSubagentRunId: 's1', name: 'editor' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'Hi', subagentRunId: 's2' },
    ),
  ).toEqual([{ type: 'content', data: 'Hi', part: 'm1', agent: ['writer', 'editor'] }]);
});

test('the state is told, saved, and sent back', () => {
  const heard = hear(
    { type: 'STATE_SNAPSHOT', snapshot: { list: [1], open: true } },
    { type: 'STATE_DELTA', delta: [{ op: 'add', path: '/list/-', value: 2 }] },
    { type: 'RUN_FINISHED' },
  );
  expect(heard).toContainEqual({ type: 'custom', name: 'state_snapshot', data: { list: [1], open: true } });
  const snapshot = { state: { open: true, list: [1, 2] } };
  expect(heard.at(-2)).toEqual({ type: 'save', snapshot });
  expect(agui.toRequest(createAsked({ snapshot })).body).toMatchObject({
    state: { open: true, list: [1, 2] },
  });
});

test('interrupts are approvals, and the answers go back on the same thread', () => {
  const interrupt = { id: 'i1', reason: 'confirm', message: 'Pay?', toolCallId: 'c1' };
  const heard = hear(
    { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'pay' },
    { type: 'RUN_FINISHED', outcome: { type: 'interrupt', interrupts: [interrupt] } },
  );
  const reason = { reason: 'confirm', message: 'Pay?' };
  expect(heard).toContainEqual({ type: 'approval_request', approval: 'i1', reason, call: 'c1' });
  const answers = [{ approval: 'i1', reason, decision: { approved: true } }];
  const input = { type: 'answers', content: 'Pay', resumes: 't0', answers } as const;
  expect(agui.toRequest(createAsked({ thread: 's.t0', input })).body).toMatchObject({
    threadId: 's.t0',
    resume: [{ interruptId: 'i1', status: 'resolved', payload: { approved: true } }],
  });
});

test('an interrupt of older LangGraph servers is an approval, and the answer is their command', () => {
  expect(
    hear({ type: 'CUSTOM', name: 'on_interrupt', value: '"Pay?"' }, { type: 'RUN_FINISHED' }),
  ).toContainEqual({
    type: 'approval_request',
    approval: 'on_interrupt',
    reason: 'Pay?',
  });
  const answers = [{ approval: 'on_interrupt', reason: 'Pay?', decision: 'yes' }];
  const input = { type: 'answers', content: 'Pay', resumes: 't0', answers } as const;
  const { body } = agui.toRequest(createAsked({ input }));
  expect(body).toMatchObject({ forwardedProps: { command: { resume: 'yes' } } });
  expect(body).not.toHaveProperty('resume');
});

test('a run is asked for with the conversation', () => {
  const { body } = agui.toRequest(createAsked({ history }));
  expect(body).toMatchObject({
    threadId: 's.t1',
    runId: 't1.1',
    messages: [
      { id: 'u-1', role: 'user', content: 'Add 1 and 1' },
      { id: 'a-2', role: 'assistant', content: 'Let me see.', toolCalls: [{ id: 'c1' }] },
      { id: 't-3', role: 'tool', toolCallId: 'c1', content: '2' },
      { id: 'a-4', role: 'assistant', content: 'It is 2.' },
      { id: 'u-5', role: 'user', content: 'Hello' },
    ],
  });
});

test('a server that tells its messages gets them back under its own names', () => {
  const messages = [{ id: 'theirs', role: 'user', content: 'Add 1 and 1' }];
  const heard = hear({ type: 'MESSAGES_SNAPSHOT', messages }, { type: 'RUN_FINISHED' });
  expect(heard).toContainEqual({ type: 'save', snapshot: { messages } });
  expect(agui.toRequest(createAsked({ history, snapshot: { messages } })).body).toMatchObject({
    messages: [...messages, { id: 'u-t1', role: 'user', content: 'Hello' }],
  });
});
