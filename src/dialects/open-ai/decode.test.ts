import { expect, test } from 'vitest';
import { RefusalError } from '../../protocol/index.ts';
import type { DialectRequest } from '../dialect-route.ts';
import { openAi } from './open-ai.ts';

type Body = DialectRequest['body'];
interface Asked {
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** Decodes a request of a route, without what it shows. */
function decode(path: string, { body = {}, headers = {}, params = {}, query = '' }: Asked): unknown {
  const route = openAi().routes?.find((each) => each.path === path);
  const intent = route?.decode({
    params,
    query: new URLSearchParams(query),
    body,
    header: (name) => headers[name],
  });
  return intent && 'show' in intent ? { ...intent, show: undefined } : intent;
}

const create = (body: Body, headers = {}): unknown => decode('/v1/responses', { body, headers });
const chat = (body: Body, headers = {}): unknown => decode('/v1/chat/completions', { body, headers });
const says = (content: unknown): Body => ({ messages: [{ role: 'user', content }] });

const session = 's'.repeat(22);
const turn = 't'.repeat(16);
const response = `resp_${session}.${turn}.1`;

test.each([
  ['a new conversation', {}, { type: 'new' }],
  ['one that is not stored', { store: false }, { type: 'new', once: true }],
  ['one with a name', { conversation: 'room' }, { type: 'named', name: 'room' }],
  ['one as an object', { conversation: { id: 'room' } }, { type: 'named', name: 'room' }],
  ['the one of a response', { previous_response_id: response }, { type: 'session', session }],
])('a response begins %s', (_, more, thread) => {
  expect(create({ input: 'hi', ...more })).toMatchObject({
    type: 'send',
    thread,
    message: { content: 'hi' },
  });
});

test('an idempotency key names the session of a request that begins one', () => {
  const headers = { 'idempotency-key': 'k' };
  expect(create({ input: 'hi' }, headers)).toMatchObject({ thread: { type: 'keyed', key: 'k' } });
  expect(create({ input: 'hi', conversation: 'room' }, headers)).toMatchObject({ thread: { name: 'room' } });
  expect(chat(says('hi'), headers)).toMatchObject({ thread: { type: 'keyed', key: 'k', once: true } });
});

test('a message that names a response goes on from its turn', () => {
  expect(create({ input: 'hi', previous_response_id: response })).toMatchObject({
    message: { follows: turn },
  });
});

test('items become the past, and the messages after the last answer become one', () => {
  const input = [
    { role: 'developer', content: 'Be short.' },
    { role: 'user', content: 'one' },
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{"a":1}' },
    { type: 'function_call_output', call_id: 'c1', output: '3' },
    { type: 'mcp_call', id: 'm1', name: 'pay', arguments: '{}', error: { content: 'no' } },
    { type: 'mcp_approval_request', id: 'x', name: 'pay', arguments: '{}' },
    { type: 'web_search_call', id: 'w1', status: 'completed' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'two' }] },
    { role: 'user', content: [{ type: 'input_text', text: 'three' }] },
    { type: 'message', role: 'user', content: 'four' },
  ];
  expect(create({ input, instructions: 'Be kind.' })).toMatchObject({
    message: {
      content: 'three\n\nfour',
      past: [
        { role: 'user', content: 'one' },
        {
          role: 'agent',
          parts: [
            { type: 'reasoning', text: 'Hm.' },
            { type: 'tool', call: 'c1', tool: 'add', input: { a: 1 }, output: '3', status: 'ok' },
            { type: 'tool', call: 'm1', tool: 'pay', input: {}, output: 'no', status: 'error' },
            { type: 'text', text: 'two' },
          ],
        },
      ],
      metadata: { instructions: 'Be kind.\n\nBe short.' },
    },
  });
});

const png = 'iVBORw0KGgo=';
const pdf = 'JVBERi0=';
test.each([
  [{ type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }, 'image', 'image/png', png],
  [{ type: 'input_image', image_url: `data:image/png;base64,${png}` }, 'image', 'image/png', png],
  [{ type: 'file', file: { filename: 'a.pdf', file_data: pdf } }, 'file', 'application/pdf', pdf],
  [{ type: 'input_file', filename: 'a', file_data: pdf }, 'file', 'application/octet-stream', pdf],
  [{ type: 'input_file', file_data: 'data:text/plain,hi' }, 'file', 'text/plain', 'aGk='],
  [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } }, 'file', 'audio/mpeg', 'AAAA'],
  [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }, 'file', 'audio/wav', 'AAAA'],
])('%j is an image or a file of a message', (part, type, media_type, data) => {
  const text = { type: 'text', text: 'Look.' };
  const content = [text, part];
  const sent = [text, expect.objectContaining({ type, media_type, data })];
  expect(chat(says(content))).toMatchObject({ message: { content: sent } });
  expect(create({ input: [{ role: 'user', content }] })).toMatchObject({ message: { content: sent } });
});

test('an address stays a text, for the agent to open', () => {
  const url = 'https://example.com/a.png';
  const content = [{ type: 'image_url', image_url: { url } }];
  expect(chat(says(content))).toMatchObject({ message: { content: url } });
  const file = [{ type: 'input_file', file_url: url, filename: 'a.png' }];
  expect(create({ input: [{ role: 'user', content: file }] })).toMatchObject({
    message: { content: `a.png: ${url}` },
  });
});

test('answers to approvals name their session themselves', () => {
  const answer = (approval: string, more = {}): object => ({
    type: 'mcp_approval_response',
    approval_request_id: `mcpr_${session}.${approval}`,
    approve: false,
    ...more,
  });
  const input = [
    { role: 'user', content: 'one' },
    { type: 'mcp_approval_request', id: `mcpr_${session}.a%3A1`, name: 'pay', arguments: '{}' },
    answer('a%3A1', { approve: true, reason: 'ignored' }),
    answer('a2', { reason: 'Too much.' }),
    answer('a3'),
  ];
  const decisions = [
    { approval: 'a:1', decision: true },
    { approval: 'a2', decision: { approved: false, reason: 'Too much.' } },
    { approval: 'a3', decision: false },
  ];
  const thread = { type: 'session', session };
  expect(create({ input })).toMatchObject({ type: 'answer', thread, decisions });
  expect(create({ input: input.slice(2), conversation: 'room' })).toMatchObject({
    thread: { type: 'named', name: 'room' },
    decisions,
  });
});

test('an answer that stands before a later message of the assistant is not new', () => {
  const input = [
    { type: 'mcp_approval_response', approval_request_id: `mcpr_${session}.a1`, approve: true },
    { role: 'assistant', content: 'Paid.' },
    { role: 'user', content: 'Thanks.' },
  ];
  expect(create({ input })).toMatchObject({ type: 'send', message: { content: 'Thanks.' } });
});

test('messages of a chat become the past of a session of its own', () => {
  const messages = [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] },
    { role: 'user', content: 'one' },
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'Hm.',
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } },
        { id: 'c2', type: 'function', function: { name: 'add', arguments: 'no json' } },
      ],
    },
    { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: '3' }] },
    { role: 'assistant', content: 'two' },
    { role: 'user', content: 'three' },
    { role: 'developer', content: 'Be kind.' },
  ];
  expect(chat({ messages })).toMatchObject({
    thread: { type: 'new', once: true },
    unattended: true,
    message: {
      content: 'three',
      past: [
        { role: 'user', content: 'one' },
        {
          role: 'agent',
          parts: [
            { type: 'reasoning', text: 'Hm.' },
            { type: 'tool', call: 'c1', tool: 'add', input: { a: 1 }, output: '3', status: 'ok' },
            { type: 'tool', call: 'c2', tool: 'add', input: 'no json', output: null, status: 'cancelled' },
            { type: 'text', text: 'two' },
          ],
        },
      ],
      metadata: { instructions: 'Be short.\n\nBe kind.' },
    },
  });
});

test('the header heddle-thread names a conversation that lasts, and an empty one does not', () => {
  const named = chat(says('hi'), { 'heddle-thread': 'room' });
  expect(named).toMatchObject({ thread: { type: 'named', name: 'room' } });
  expect(named).not.toHaveProperty('unattended');
  expect(chat(says('hi'), { 'heddle-thread': ' ' })).toMatchObject({ thread: { type: 'new', once: true } });
});

test('a placeholder that its client left as it is names no conversation', () => {
  const headers = { 'heddle-thread': '{{LIBRECHAT_BODY_CONVERSATIONID}}' };
  expect(() => chat(says('hi'), headers)).toThrow('has not put a name');
});

test.each([
  [undefined],
  ['auto'],
  ['none'],
  [{ type: 'allowed_tools', mode: 'auto', tools: [] }],
  [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } }],
])('tool_choice %j demands nothing', (tool_choice) => {
  expect(chat({ ...says('hi'), tool_choice, n: 1 })).toMatchObject({ type: 'send' });
});

const user = { role: 'user', content: 'hi' };
test.each<[string, Body]>([
  ['n', { ...says('hi'), n: 2 }],
  ['tool_choice', { ...says('hi'), tool_choice: 'required' }],
  ['tool_choice', { ...says('hi'), tool_choice: { type: 'function', function: { name: 'add' } } }],
  [
    'tool_choice',
    { ...says('hi'), tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'required' } } },
  ],
  ['function_call', { ...says('hi'), function_call: { name: 'add' } }],
  ['messages', {}],
  ['messages', { messages: [] }],
  ['messages[0]', { messages: ['hi'] }],
  ['nothing is new', { messages: [user, { role: 'assistant', content: 'ho' }] }],
  ['nothing is new', { messages: [{ role: 'system', content: 'hi' }] }],
  ['runs its tools itself', { messages: [user, { role: 'tool', tool_call_id: 'c1', content: '3' }] }],
  ['role', { messages: [{ role: 'critic', content: 'hi' }, user] }],
  ['stream', { ...says('hi'), stream: 'yes' }],
  ['file_id', says([{ type: 'file', file: { file_id: 'file-1' } }])],
  ['file_data', says([{ type: 'file', file: {} }])],
  ['data: URL', says([{ type: 'image_url', image_url: { url: 'data:image/png;base64' } }])],
  ['format', says([{ type: 'input_audio', input_audio: { data: 'UklGRg==' } }])],
  ['format', says([{ type: 'input_audio', input_audio: { data: 'UklGRg==', format: {} } }])],
  ['type', says([{ type: 'video' }])],
  ['type', says(['hi'])],
  ['text or a list', says(null)],
])('a chat is refused with a sentence about %s', (sentence, body) => {
  expect(() => chat(body)).toThrow(RefusalError);
  expect(() => chat(body)).toThrow(sentence);
});

const approve = { type: 'mcp_approval_response', approval_request_id: `mcpr_${session}.a1`, approve: true };
test.each<[string, Body]>([
  ['input', {}],
  ['input', { input: [] }],
  ['input[0]', { input: ['hi'] }],
  ['nothing is new', { input: [user, { role: 'assistant', content: 'ho' }] }],
  ['item_reference', { input: [{ type: 'item_reference', id: 'msg_1' }, user] }],
  ['runs its tools itself', { input: [{ type: 'function_call_output', call_id: 'c1', output: '3' }] }],
  ['role', { input: [{ role: 'critic', content: 'hi' }] }],
  ['cannot both', { input: 'hi', previous_response_id: response, conversation: 'room' }],
  ['previous_response_id', { input: 'hi', previous_response_id: 'resp_123' }],
  ['previous_response_id', { input: 'hi', previous_response_id: 7 }],
  ['conversation', { input: 'hi', conversation: 7 }],
  ['conversation', { input: 'hi', conversation: {} }],
  ['tool_choice', { input: 'hi', tool_choice: { type: 'mcp', server_label: 'x' } }],
  ['background', { input: 'hi', background: 1 }],
  ['and has a message', { input: [approve, user] }],
  ['approval_request_id', { input: [{ ...approve, approval_request_id: 'mcpr_1' }] }],
  ['approve', { input: [{ ...approve, approve: 'yes' }] }],
  [
    'several conversations',
    { input: [approve, { ...approve, approval_request_id: `mcpr_${'x'.repeat(22)}.a1` }] },
  ],
])('a response is refused with a sentence about %s', (sentence, body) => {
  expect(() => create(body)).toThrow(RefusalError);
  expect(() => create(body)).toThrow(sentence);
});

test('a response is found by its id, of any revision', () => {
  const read = { type: 'read', thread: { type: 'session', session }, of: { turn } };
  const path = '/v1/responses/:response';
  expect(decode(path, { params: { response } })).toMatchObject(read);
  expect(decode(path, { params: { response: response.replace('.1', '.99') } })).toMatchObject(read);
  expect(decode(`${path}/cancel`, { params: { response } })).toMatchObject({ ...read, type: 'cancel' });
  expect(() => decode(path, { params: { response: 'resp_1' } })).toThrow('no response of that id');
});

test.each(['-1', 'x', '1.5', '99999999'])('starting_after=%s is refused', (number) => {
  const query = `stream=true&starting_after=${number}`;
  expect(() => decode('/v1/responses/:response', { params: { response }, query })).toThrow('starting_after');
});

test.each([{ path: 'v1' }, { path: '/v1/' }, { path: '/:x' }, { model: '' }])('%j is refused', (options) => {
  expect(() => openAi(options)).toThrow(TypeError);
});
