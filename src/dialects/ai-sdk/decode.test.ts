import { describe, expect, test } from 'vitest';
import { emptyState } from '../../protocol/index.ts';
import type { DialectRequest } from '../dialect-route.ts';
import type { Intent } from '../intent.ts';
import { aiSdk } from './ai-sdk.ts';
import { revision } from './run-name.ts';

const dialect = aiSdk();

interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

function decode(route: string, { params = {}, query = '', body = {}, headers = {} }: Asked): Intent {
  const found = dialect.routes?.find(({ method, path }) => `${method} ${path}` === route);
  if (found === undefined) throw new Error(`There is no ${route}.`);
  const request: DialectRequest = {
    params,
    query: new URLSearchParams(query),
    body,
    header: (name) => headers[name],
  };
  return found.decode(request);
}

const user = (id: string | undefined, ...parts: readonly unknown[]): unknown => ({
  ...(id !== undefined && { id }),
  role: 'user',
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const assistant = (id: string, ...parts: readonly unknown[]): unknown => ({ id, role: 'assistant', parts });
const post = (body: Readonly<Record<string, unknown>>, more: Omit<Asked, 'body'> = {}): Intent =>
  decode('POST /ai', { body: { id: 'chat', trigger: 'submit-message', ...body }, ...more });

describe('a message', () => {
  test('has the id of the SDK as its name and its key', () => {
    expect(post({ messages: [user('u1', 'Hello')] })).toEqual({
      type: 'send',
      thread: { type: 'named', name: 'chat' },
      message: { content: 'Hello', ref: 'u1' },
      key: 'u1',
      show: { as: 'stream', variant: '6' },
    });
  });

  test('whose id is empty has none, so that two of them are not taken for one', () => {
    const intent = post({ messages: [user('', 'Hello')], messageId: '' });
    expect(intent).toMatchObject({ type: 'send', message: { content: 'Hello' } });
    expect(intent).not.toHaveProperty('key');
    expect(intent).not.toHaveProperty('message.ref');
  });

  test('is not refused for what came before it', () => {
    const file = { type: 'file', mediaType: 'a/b', url: 'data:a/b,%FF' };
    const long = 'x'.repeat(201);
    const messages = [
      user('u1', 'Look', file),
      user(long, 'Hi'),
      assistant(`a_${long}`, { type: 'text', text: 'Yes?' }),
    ];
    expect(post({ messages: [...messages, user('u2', 'Hello')] })).toMatchObject({
      message: {
        content: 'Hello',
        past: [
          { role: 'user', ref: 'u1', content: [{ type: 'text', text: 'Look' }] },
          { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
          { role: 'agent', parts: [{ type: 'text', text: 'Yes?' }] },
        ],
      },
    });
    const intent = post({ messages: [...messages, user('u2', 'Hello')] });
    expect(intent).not.toHaveProperty('message.seen');
    expect(intent).not.toHaveProperty('message.past.1.ref');
  });

  test('is sent into the chat of the URL, in the version of the header, after the last frame', () => {
    const intent = decode('POST /ai/:thread', {
      params: { thread: 'room' },
      body: { messages: [user(undefined, 'Hello')] },
      headers: { 'heddle-ai-sdk': '7', 'last-event-id': '3-abcdef' },
    });
    expect(intent).toEqual({
      type: 'send',
      thread: { type: 'named', name: 'room' },
      message: { content: 'Hello' },
      show: { as: 'stream', variant: '7', after: '3-abcdef' },
    });
  });

  test('brings what came before, and what its sender has seen', () => {
    const messages = [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      user('u1', 'Hi', { type: 'data-mood', data: 1 }),
      assistant(
        'a_m1',
        { type: 'step-start' },
        { type: 'reasoning', text: 'Hm' },
        { type: 'text', text: 'Hello' },
        { type: 'tool-look', toolCallId: 'c1', state: 'output-available', input: { a: 1 }, output: 2 },
        { type: 'dynamic-tool', toolName: 'see', toolCallId: 'c2', state: 'output-error', errorText: 'no' },
        { type: 'tool-pay', toolCallId: 'c3', state: 'approval-requested', input: {} },
      ),
      assistant('a_m2'),
      user('u2', 'Go on'),
    ];
    expect(post({ messages })).toMatchObject({
      message: {
        content: 'Go on',
        seen: 'm2',
        metadata: { instructions: 'Be brief.' },
        past: [
          { role: 'user', content: [{ type: 'text', text: 'Hi' }], ref: 'u1' },
          {
            role: 'agent',
            parts: [
              { type: 'reasoning', text: 'Hm' },
              { type: 'text', text: 'Hello' },
              { type: 'tool', call: 'c1', tool: 'look', input: { a: 1 }, output: 2, status: 'ok' },
              { type: 'tool', call: 'c2', tool: 'see', input: null, output: 'no', status: 'error' },
              { type: 'tool', call: 'c3', tool: 'pay', input: {}, output: null, status: 'cancelled' },
            ],
          },
        ],
      },
    });
  });

  test.each([
    ['an edit', { trigger: 'submit-message', messageId: 'u1' }],
    ['a regeneration', { trigger: 'regenerate-message', messageId: 'a_m1' }],
    ['a regeneration of the last answer', { trigger: 'regenerate-message' }],
  ])('%s replaces it, and its key is the header alone', (_, more) => {
    const intent = post({ messages: [user('u1', 'Again')], ...more });
    expect(intent).toMatchObject({ message: { ref: 'u1', replaces: 'u1', seen: 'u1' } });
    expect(intent).not.toHaveProperty('key');
  });

  test('has files as data, and addresses as text', () => {
    const files = [
      { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AAAA' },
      {
        type: 'file',
        filename: 'a.txt',
        mediaType: 'text/plain',
        url: 'data:text/plain;charset=utf-8,%C3%A9',
      },
      { type: 'file', filename: 'b.pdf', mediaType: 'application/pdf', url: 'https://example.com/b.pdf' },
    ];
    expect(post({ messages: [user('u1', 'See', ...files)] })).toMatchObject({
      message: {
        content: [
          { type: 'text', text: 'See' },
          { type: 'image', media_type: 'image/png', data: 'AAAA' },
          { type: 'file', media_type: 'text/plain', data: btoa('\u00C3\u00A9'), name: 'a.txt' },
          { type: 'text', text: 'b.pdf: https://example.com/b.pdf' },
        ],
      },
    });
  });
});

describe('an answer', () => {
  const tool = (id: string, approved: boolean, reason?: string): unknown => ({
    type: 'tool-pay',
    state: 'approval-responded',
    approval: { id, approved, reason },
  });

  test('decides the approvals of the last step that has any', () => {
    const last = assistant(
      'a_m1',
      { type: 'step-start' },
      tool('old', true),
      { type: 'step-start' },
      tool('a1', true, 'Fine'),
      tool('a2', false, 'Too much'),
      tool('a3', false),
      { type: 'step-start' },
    );
    expect(post({ messages: [user('u1', 'Hi'), last], messageId: 'a_m1' })).toMatchObject({
      type: 'answer',
      decisions: [
        { approval: 'a1', decision: true },
        { approval: 'a2', decision: { approved: false, reason: 'Too much' } },
        { approval: 'a3', decision: false },
      ],
    });
  });

  test('may be in a message before the last one', () => {
    const messages = [user('u1', 'Hi'), assistant('a_m1', tool('a1', true)), user('u2', 'And?')];
    expect(post({ messages, messageId: 'a_m1' })).toMatchObject({ type: 'answer' });
  });
});

test.each([
  ['a chat that no URL can name', { id: '..', messages: [user('u1', 'Hi')] }, /cannot have the name/],
  ['a chat with half a character', { id: 'x\ud800', messages: [user('u1', 'Hi')] }, /cannot have the name/],
  ['no chat', { id: undefined, messages: [user('u1', 'Hi')] }, /names no chat/],
  ['no messages', { prompt: 'Hi' }, /has no messages/],
  ['other messages', { messages: [{ role: 'user', content: 'Hi' }] }, /Message 0 has no parts/],
  ['no role', { messages: [{ parts: [] }] }, /Message 0 has no role/],
  ['nothing new', { messages: [user('u1', 'Hi'), assistant('a_m1')] }, /answers no approval/],
  ['no user last', { messages: [{ role: 'system', parts: [] }] }, /Nothing is new/],
  ['an empty message', { messages: [user('u1')] }, /is empty/],
  ['a strange part', { messages: [user('u1', { type: 'audio' })] }, /a part of type "audio"/],
  ['a broken file', { messages: [user('u1', { type: 'file', url: 'data:,%FF' })] }, /cannot be read/],
  ['half a file', { messages: [user('u1', { type: 'file', url: 'data:image/png' })] }, /cannot be read/],
  ['an edit without an id', { messages: [user(undefined, 'Hi')], messageId: 'x' }, /has no id/],
  [
    'an answer without a yes or no',
    { messages: [assistant('a', { type: 'tool-x', state: 'approval-responded', approval: { id: '1' } })] },
    /without "id" or "approved"/,
  ],
])('a body with %s is refused with a sentence', (_, body, sentence) => {
  expect(() => post(body)).toThrow(sentence);
});

describe('a resume', () => {
  const resume = (thread: string, query = '', headers = {}): Intent =>
    decode('GET /ai/:thread/stream', { params: { thread }, query, headers });

  test('of a chat shows what is open from its start, without what is not valid any more', () => {
    expect(resume('chat')).toEqual({
      type: 'read',
      thread: { type: 'named', name: 'chat' },
      of: 'recent',
      show: { as: 'stream', whole: true, fresh: true, variant: '6' },
      none: { status: 204 },
    });
    expect(resume('chat', 'cursor=id')).not.toHaveProperty('show.fresh');
  });

  test('after an id or a count goes on with the last answer', () => {
    const after = resume('chat', '', { 'last-event-id': '3-abcdef' });
    expect(after).toMatchObject({ of: 'last', show: { after: '3-abcdef', whole: true } });
    const counted = resume('chat', 'startIndex=4');
    expect(counted).toMatchObject({ of: 'last', show: { skip: 4 }, none: { body: /./ } });
    expect(resume('chat', 'startIndex=-10')).toMatchObject({ of: 'recent', show: { skip: 0 } });
    expect(() => resume('chat', 'startIndex=x')).toThrow('startIndex');
  });

  test('of a stream by its name has the version of the name', () => {
    const exchange = { session: 's1', thread: 'a ~ä', message: 'm1', turn: 't1', from: undefined };
    const { 'x-workflow-run-id': name = '' } = dialect.headers?.({ ...exchange, variant: '7' }) ?? {};
    expect(name).toBe(`a%20~%C3%A4~t1~7.${revision}`);
    const byCount = decode('GET /ai/:thread/:run/stream', {
      params: { thread: 'a ~ä', run: name },
      query: 'startIndex=4',
    });
    expect(byCount).toMatchObject({
      thread: { name: 'a ~ä' },
      of: { turn: 't1' },
      show: { as: 'stream', skip: 4, variant: '7' },
    });
    expect(byCount).not.toHaveProperty('show.whole');
    expect(resume(name, '', { 'last-event-id': '3-abcdef' })).toMatchObject({
      thread: { name: 'a ~ä' },
      show: { after: '3-abcdef', whole: true, variant: '7' },
    });
  });

  test('of a stream of another revision finishes', () => {
    expect(resume(`chat~t1~6.${revision + 1}`)).toEqual({
      type: 'reply',
      reply: {
        headers: { 'content-type': 'text/event-stream; charset=utf-8' },
        body: 'data: {"type":"finish","finishReason":"other"}\n\ndata: [DONE]\n\n',
      },
    });
  });

  test('of a chat whose name only looks like that of a stream is one of the chat', () => {
    expect(resume('%~t1~6.1')).toMatchObject({ thread: { name: '%~t1~6.1' }, of: 'recent' });
  });
});

test('a page loads a conversation, and an empty list where there is none', () => {
  const intent = decode('GET /ai/:thread', { params: { thread: 'chat' } });
  expect(intent).toMatchObject({ type: 'read', none: { body: [] } });
  const reply = intent.type === 'read' && intent.show.as === 'now' ? intent.show.reply : undefined;
  if (typeof reply !== 'function') throw new Error('It shows no state.');
  expect(reply({ session: 's1', state: emptyState('s1') })).toEqual({ body: [] });
});

test.each([
  [{}, undefined],
  [{ turn: 't1' }, { turn: 't1' }],
  [{ message: 'a_m1' }, { message: 'm1' }],
  [{ message: 'u1' }, { message: 'u1' }],
])('a stop with %j stops %j', (body, of) => {
  const intent = decode('POST /ai/:thread/stop', { params: { thread: 'chat' }, body });
  expect(intent).toMatchObject({ type: 'cancel', thread: { name: 'chat' } });
  expect('of' in intent ? intent.of : undefined).toEqual(of);
});

test.each([{ version: 4 }, { version: 8 }, { path: 'ai' }, { path: '/ai/:x' }])('%j is not taken', (bad) => {
  expect(() => aiSdk(bad as never)).toThrow(TypeError);
});
