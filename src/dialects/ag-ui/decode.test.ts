import { expect, test } from 'vitest';
import { RefusalError } from '../../protocol/index.ts';
import type { DialectRequest } from '../dialect-route.ts';
import { readRun, readStop } from './decode.ts';

const user = (id: string, content: unknown): object => ({ id, role: 'user', content });
const names = { threadId: 'room', runId: 'run-1' };

function read(body: object, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof readRun> {
  const request: DialectRequest = {
    params: {},
    query: new URLSearchParams(),
    body: { ...names, ...body },
    header: (name) => headers[name],
  };
  return readRun(request);
}

const send = {
  type: 'send',
  thread: { type: 'named', name: 'room' },
  key: 'run-1',
  show: { as: 'stream', variant: '0' },
};

test("the last message is sent under its client's names, and may replace the one of its id", () => {
  expect(read({ messages: [user('u-1', 'Hello')] })).toEqual({
    ...send,
    message: { content: 'Hello', run: 'run-1', ref: 'u-1', replaces: 'u-1' },
  });
});

test('a client of AG-UI 1 declares it', () => {
  expect(read({ messages: [user('u-1', 'Hello')], protocolVersion: '1.0' })).toMatchObject({
    show: { as: 'stream' },
  });
  expect(read({ messages: [user('u-1', 'Hello')], protocolVersion: '1.0' })).not.toHaveProperty(
    'show.variant',
  );
});

test('earlier messages are the past of a new conversation, and tell which answer the client has seen', () => {
  const messages = [
    { id: 's-1', role: 'system', content: 'Be brief.' },
    { id: 'd-1', role: 'developer', content: 'In English.' },
    user('u-1', 'Add.'),
    { id: 'r-1', role: 'reasoning', content: 'Let me think.' },
    {
      id: 'a-1',
      role: 'assistant',
      content: 'Adding.',
      toolCalls: [
        { id: 'c-1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } },
        { id: 'c-2', type: 'function', function: { name: 'add', arguments: 'no JSON' } },
        { id: 'c-3', type: 'function', function: { name: 'add', arguments: '{}' } },
        { nonsense: true },
      ],
    },
    { id: 't-1', role: 'tool', toolCallId: 'c-1', content: '3' },
    { id: 't-2', role: 'tool', toolCallId: 'c-2', content: 'It broke.', error: 'It broke.' },
    { id: 'x-1', role: 'activity', activityType: 'plan', content: {} },
    { id: 'a-2', role: 'assistant', content: 'Added.' },
    user('u-2', [{ nonsense: true }]),
    user('u-3', 'And now?'),
  ];
  expect(read({ messages })).toEqual({
    ...send,
    message: {
      content: 'And now?',
      run: 'run-1',
      ref: 'u-3',
      replaces: 'u-3',
      seen: 'u-1',
      metadata: { instructions: 'Be brief.\n\nIn English.' },
      past: [
        { role: 'user', content: 'Add.', ref: 'u-1' },
        {
          role: 'agent',
          parts: [
            { type: 'reasoning', text: 'Let me think.' },
            { type: 'text', text: 'Adding.' },
            { type: 'tool', call: 'c-1', tool: 'add', input: { a: 1 }, output: '3', status: 'ok' },
            {
              type: 'tool',
              call: 'c-2',
              tool: 'add',
              input: 'no JSON',
              output: 'It broke.',
              status: 'error',
            },
            { type: 'tool', call: 'c-3', tool: 'add', input: {}, output: null, status: 'cancelled' },
            { type: 'text', text: 'Added.' },
          ],
        },
      ],
    },
  });
});

test('media become images and files, and addresses become text', () => {
  const data = (type: string, mimeType: string): object => ({
    type,
    source: { type: 'data', value: 'aGk=', mimeType },
  });
  const content = [
    { type: 'text', text: 'Look:' },
    data('image', 'image/png'),
    { ...data('document', 'application/pdf'), metadata: { filename: 'a.pdf' } },
    data('audio', 'audio/wav'),
    { type: 'image', source: { type: 'url', value: 'https://example.com/a.png' } },
    { type: 'image', source: { type: 'url', value: 'data:image/gif;base64,aGk=' } },
    { type: 'binary', mimeType: 'text/csv', data: 'aGk=', filename: 'a.csv' },
  ];
  expect(read({ messages: [user('u-1', content)] })).toMatchObject({
    message: {
      content: [
        { type: 'text', text: 'Look:' },
        { type: 'image', media_type: 'image/png', data: 'aGk=' },
        { type: 'file', media_type: 'application/pdf', data: 'aGk=', name: 'a.pdf' },
        { type: 'file', media_type: 'audio/wav', data: 'aGk=' },
        { type: 'text', text: 'https://example.com/a.png' },
        { type: 'image', media_type: 'image/gif', data: 'aGk=' },
        { type: 'file', media_type: 'text/csv', data: 'aGk=', name: 'a.csv' },
      ],
    },
  });
});

test('a last event id asks for the rest of the run, whoever named it', () => {
  const messages = [user('u-1', 'Hello')];
  const show = { as: 'stream', variant: '0', after: '7-abcdef' };
  const own = `${'s'.repeat(22)}.${'t'.repeat(16)}`;
  expect(read({ messages }, { 'last-event-id': '7-abcdef' })).toEqual({
    type: 'read',
    thread: send.thread,
    of: { run: 'run-1' },
    show,
  });
  expect(read({ runId: own }, { 'last-event-id': '7-abcdef' })).toMatchObject({
    of: { turn: 't'.repeat(16) },
  });
});

test('entries of `resume` answer approvals', () => {
  const entry = (interruptId: string, status: string, payload?: unknown): object => ({
    interruptId,
    status,
    payload,
  });
  const resume = [
    entry('a', 'resolved', { approved: true }),
    entry('b', 'resolved', { approved: false }),
    entry('c', 'resolved', { approved: true, note: 'but' }),
    entry('d', 'resolved', 'later'),
    entry('e', 'resolved'),
    entry('f', 'cancelled'),
  ];
  expect(read({ resume, messages: [user('u-1', 'Hello')] })).toEqual({
    type: 'answer',
    thread: send.thread,
    run: 'run-1',
    show: send.show,
    decisions: [
      { approval: 'a', decision: true },
      { approval: 'b', decision: false },
      { approval: 'c', decision: { approved: true, note: 'but' } },
      { approval: 'd', decision: 'later' },
      { approval: 'e', decision: true },
      { approval: 'f', decision: false },
    ],
  });
});

test('a user who cancels all interrupts and says something sends a message', () => {
  const resume = [{ interruptId: 'a', status: 'cancelled' }];
  expect(read({ resume, messages: [user('u-1', 'Instead')] })).toMatchObject({ type: 'send' });
  const asked = { id: 'a-1', role: 'assistant', content: 'May I?' };
  expect(read({ resume, messages: [user('u-1', 'Do it'), asked] })).toMatchObject({
    type: 'answer',
    decisions: [{ approval: 'a', decision: false }],
  });
});

test.each([
  [{ threadId: undefined }, 'The body must have a "threadId".'],
  [{ runId: 7 }, 'The body must have a "runId".'],
  [{ runId: 'r'.repeat(201) }, '"runId" must have at most 200 characters.'],
  [{}, 'The last message of "messages" must be the user\'s.'],
  [{ messages: 'none' }, 'The last message of "messages" must be the user\'s.'],
  [
    { messages: [user('u-1', 'Hello'), { id: 't-1', role: 'tool', content: '' }] },
    'The last message of "messages" must be the user\'s.',
  ],
  [
    { messages: [user('u-1', { nonsense: true })] },
    'The content of the last message must be text, or parts of text and media.',
  ],
  [
    { messages: [user('u-1', [{ type: 'image', source: { type: 'file', value: 'f-1' } }])] },
    'The content of the last message must be text, or parts of text and media.',
  ],
  [
    { resume: [{ interruptId: 'a', status: 'perhaps' }] },
    'Each entry of "resume" must have an "interruptId" and the "status" resolved or cancelled.',
  ],
])('a body that is not theirs is refused with a sentence (%#)', (body, sentence) => {
  expect(() => read(body)).toThrow(new RefusalError('malformed', sentence));
});

test('a stop names its run, or stops what is open', () => {
  expect(readStop('room', { runId: 'run-1' })).toMatchObject({ type: 'cancel', of: { run: 'run-1' } });
  expect(readStop('room', {})).not.toHaveProperty('of');
});
