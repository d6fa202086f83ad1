import { expect, test } from 'vitest';
import { listenToA2a } from './a2a-events.ts';
import { a2aFormat } from './a2a.ts';
import { createAsked, hearAll } from './hear-all.fixture.ts';

/** The same stream in the words of both versions. */
const streams = {
  '1.0': [
    { task: { id: 'k1', contextId: 'x1', status: { state: 'TASK_STATE_SUBMITTED' } } },
    {
      statusUpdate: {
        taskId: 'k1',
        contextId: 'x1',
        status: { state: 'TASK_STATE_WORKING', message: { parts: [{ text: 'Looking.' }] } },
      },
    },
    { artifactUpdate: { taskId: 'k1', artifact: { artifactId: 'a1', parts: [{ text: 'It is ' }] } } },
    {
      artifactUpdate: {
        taskId: 'k1',
        append: true,
        artifact: { artifactId: 'a1', parts: [{ text: 'green.' }] },
      },
    },
    { statusUpdate: { taskId: 'k1', contextId: 'x1', status: { state: 'TASK_STATE_COMPLETED' } } },
  ],
  '0.3': [
    { kind: 'task', id: 'k1', contextId: 'x1', status: { state: 'submitted' } },
    {
      kind: 'status-update',
      taskId: 'k1',
      contextId: 'x1',
      status: { state: 'working', message: { parts: [{ kind: 'text', text: 'Looking.' }] } },
    },
    {
      kind: 'artifact-update',
      taskId: 'k1',
      artifact: { artifactId: 'a1', parts: [{ kind: 'text', text: 'It is ' }] },
    },
    {
      kind: 'artifact-update',
      taskId: 'k1',
      append: true,
      artifact: { artifactId: 'a1', parts: [{ kind: 'text', text: 'green.' }] },
    },
    { kind: 'status-update', taskId: 'k1', contextId: 'x1', status: { state: 'completed' }, final: true },
  ],
};

const hear = (...results: readonly object[]) => hearAfter({}, ...results);

const hearAfter = (snapshot: object, ...results: readonly object[]) =>
  hearAll(
    listenToA2a(createAsked({ snapshot })),
    results.map((result) => ({ jsonrpc: '2.0', id: 1, result })),
  );

test.each(Object.entries(streams))('the results of A2A %s are heard', (version, results) => {
  const heard = hear(...results);
  expect(heard.filter((each) => typeof each === 'string' || each.type !== 'save')).toEqual([
    { type: 'reasoning', data: 'Looking.' },
    { type: 'content', data: 'It is ', part: 'a1' },
    { type: 'content', data: 'green.', part: 'a1' },
    { type: 'end' },
  ]);
  expect(heard.findLast((each) => typeof each !== 'string' && each.type === 'save')).toEqual({
    type: 'save',
    snapshot: { isOlder: version === '0.3', context: 'x1', task: 'k1' },
  });
});

test('a whole message, and a task that is complete at once, are answers', () => {
  expect(hear({ message: { role: 'ROLE_AGENT', parts: [{ text: 'Hi' }] } })).toContainEqual({
    type: 'content',
    data: 'Hi',
  });
  const status = { state: 'TASK_STATE_COMPLETED' };
  const artifacts = [{ artifactId: 'a1', parts: [{ text: 'Hi' }] }];
  const heard = hear({ task: { id: 'k1', status, artifacts } });
  expect(heard.slice(-2)).toEqual([{ type: 'content', data: 'Hi', part: 'a1' }, { type: 'end' }]);
});

test('an artifact that comes again replaces its text', () => {
  const update = (text: string): object => ({
    artifactUpdate: { artifact: { artifactId: 'a1', parts: [{ text }] } },
  });
  expect(hear(update('one'), update('two'))).toContainEqual({ type: 'replace', data: 'two', part: 'a1' });
});

test('a task that needs input asks, but not by how it stood before', () => {
  const message = { messageId: 'm1', parts: [{ text: 'Which?' }] };
  const status = { state: 'TASK_STATE_INPUT_REQUIRED', message };
  const task = { task: { id: 'k1', contextId: 'x1', status } };
  const question = {
    type: 'approval_request',
    approval: 'k1',
    reason: { kind: 'input-required', message: 'Which?' },
  };
  expect(hear({ statusUpdate: { taskId: 'k1', contextId: 'x1', status } })).toContainEqual(question);
  const heard = hear(task);
  expect(heard).toContainEqual(question);
  const saved = heard.findLast((each) => typeof each !== 'string' && each.type === 'save');
  expect(saved).toMatchObject({ snapshot: { task: 'k1', question: 'm1' } });
  expect(hearAfter({ task: 'k1', question: 'm1' }, task)).not.toContainEqual(question);
  expect(hearAfter({ task: 'k1', question: 'm0' }, task)).toContainEqual(question);
});

test.each([
  ['TASK_STATE_FAILED', 'upstream_failed'],
  ['canceled', 'upstream_failed'],
  ['rejected', 'upstream_refused'],
])('a task that ended as %s is %s', (state, code) => {
  expect(hear({ statusUpdate: { taskId: 'k1', status: { state } } })).toContainEqual({
    type: 'failed',
    error: expect.objectContaining({ code }),
  });
});

test.each([
  [-32_601, 'Method not found', 'unknown_method'],
  [-32_009, 'Version 1.0 is not supported.', 'unknown_method'],
  [-32_004, 'Streaming is not supported.', 'unknown_method'],
  // The agent has run.
  [-32_004, 'Stream ordering violation', 'failed'],
  [-32_603, 'Internal error', 'failed'],
])('an error %i with the words %s is %s', (code, message, type) => {
  expect(hearAll(listenToA2a(createAsked()), [{ error: { code, message } }])).toMatchObject([{ type }]);
});

test.each([
  [true, { text: 'yes' }],
  [false, { text: 'no' }],
  [{ approved: false, reason: 'Too much.' }, { text: 'no: Too much.' }],
  ['the blue one', { text: 'the blue one' }],
  [{ colour: 'blue' }, { data: { colour: 'blue' } }],
])('the decision %j is sent to the task that asked', (decision, part) => {
  const answers = [{ approval: 'k1', reason: '', decision }];
  const input = { type: 'answers', content: 'Paint', resumes: 't0', answers } as const;
  const snapshot = { context: 'x1', task: 'k1' };
  const request = a2aFormat.toRequest(createAsked({ input, snapshot }));
  expect(request).toMatchObject({
    headers: { 'a2a-version': '1.0' },
    body: {
      method: 'SendStreamingMessage',
      params: { message: { contextId: 'x1', taskId: 'k1', parts: [part] } },
    },
  });
});

test('a server with no memory of the conversation is told it in the message', () => {
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'Go on' },
  ] as const;
  const input = { type: 'message', content: 'Go on' } as const;
  expect(JSON.stringify(a2aFormat.toRequest(createAsked({ messages, input })).body)).toContain(
    'assistant: Hello.',
  );
  const known = a2aFormat.toRequest(createAsked({ messages, input, snapshot: { context: 'x1' } }));
  expect(JSON.stringify(known.body)).not.toContain('Hello.');
});

test('a task is cancelled in the words of its version', () => {
  expect(a2aFormat.toCancel?.(createAsked(), { task: 'k1' })?.body).toMatchObject({
    method: 'CancelTask',
    params: { id: 'k1' },
  });
  expect(a2aFormat.toCancel?.(createAsked(), { task: 'k1', isOlder: true })?.body).toMatchObject({
    method: 'tasks/cancel',
  });
  expect(a2aFormat.toCancel?.(createAsked(), undefined)).toBeUndefined();
});

test('the older version has kinds', () => {
  const content = [{ type: 'file', media_type: 'text/csv', data: 'AAAA', name: 'a.csv' }] as const;
  const input = { type: 'message', content } as const;
  expect(a2aFormat.toOtherRequests?.[0]?.(createAsked({ input })).body).toMatchObject({
    method: 'message/stream',
    params: {
      message: {
        role: 'user',
        parts: [{ kind: 'file', file: { bytes: 'AAAA', mimeType: 'text/csv', name: 'a.csv' } }],
      },
    },
  });
});
