// Tasks, questions, lists and the card of A2A, without a client.
import type { Server } from 'heddle/server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask, call, missing, say, sayOlder, send, serve } from './a2a-server.fixture.ts';
import type { Told } from './a2a-server.fixture.ts';

afterEach(() => void vi.useRealTimers());

describe('tasks', () => {
  test('a message without a context begins one, and a repeated one finds it', async () => {
    const server = serve();
    const message = say('Hi');
    const first = await call(server, 'SendMessage', { message });
    const again = await call(server, 'SendMessage', { message });
    expect(again.json).toEqual(first.json);
    const { task } = first.json.result;
    expect(task.id.split('.')[0]).toBe(task.contextId);
    const other = await call(server, 'SendMessage', { message: { ...message, parts: [{ text: 'Other' }] } });
    expect([other.status, other.json.error.code]).toEqual([422, -32_602]);
    const next = await send(server, 'And?', { contextId: task.contextId });
    expect(next.contextId).toBe(task.contextId);
    expect(next.id).not.toBe(task.id);
  });

  test('a client that does not wait gets the task at once', async () => {
    const server = serve();
    const { json } = await call(server, 'SendMessage', {
      message: say('hang', { contextId: 'room' }),
      configuration: { returnImmediately: true, historyLength: 0 },
    });
    const { task } = json.result;
    expect(task.status.state).toMatch(/SUBMITTED|WORKING/);
    expect(task.history).toBeUndefined();
    const older = await call(
      server,
      'message/send',
      { message: sayOlder('hang', { contextId: 'other' }), configuration: { blocking: false } },
      { version: '0.3' },
    );
    expect(older.json.result).toMatchObject({ kind: 'task', contextId: 'other' });
  });

  test('a task is cancelled once, and one that is over cannot be', async () => {
    const server = serve();
    const { json } = await call(server, 'SendMessage', {
      message: say('hang', { contextId: 'room' }),
      configuration: { returnImmediately: true },
    });
    const { id } = json.result.task;
    const queued = await call(server, 'SendMessage', {
      message: say('Hi', { contextId: 'room' }),
      configuration: { returnImmediately: true },
    });
    const { id: waiting } = queued.json.result.task;
    for (const each of [waiting, id, id, waiting]) {
      const cancelled = await call(server, 'CancelTask', { id: each });
      expect(cancelled.json.result).toMatchObject({ id: each, status: { state: 'TASK_STATE_CANCELED' } });
    }
    const done = await send(server, 'Hi');
    const late = await call(server, 'CancelTask', { id: done.id });
    expect(late.json.error).toMatchObject({ code: -32_002, data: [{ reason: 'TASK_NOT_CANCELABLE' }] });
    const http = await ask(server, `POST /a2a/tasks/${done.id}:cancel`);
    expect([http.status, http.json.error.status]).toEqual([400, 'FAILED_PRECONDITION']);
    expect((await ask(server, `GET /a2a/tasks/${id}`)).json.status.state).toBe('TASK_STATE_CANCELED');
  });

  test('a task that waits is cancelled, too', async () => {
    const server = serve();
    const { id } = await send(server, 'ask');
    const { json } = await ask(server, `POST /a2a/tasks/${id}:cancel`, { body: {} });
    expect(json.status.state).toBe('TASK_STATE_CANCELED');
    const late = await call(server, 'SendMessage', { message: say('yes', { taskId: id }) });
    expect(late.json.error.code).toBe(-32_004);
  });

  test('to subscribe to a task that is over is an error in 1.0, and shows the task in 0.3', async () => {
    const server = serve();
    const { id } = await send(server, 'Hi');
    expect((await call(server, 'SubscribeToTask', { id })).json.error.code).toBe(-32_004);
    const http = await ask(server, `GET /a2a/tasks/${id}:subscribe`);
    expect([http.status, http.json.error.details[0]?.reason]).toEqual([400, 'UNSUPPORTED_OPERATION']);
    const { frames } = await call(server, 'tasks/resubscribe', { id }, { version: '0.3' });
    expect(frames).toMatchObject([{ id: 7, result: { kind: 'task', id, status: { state: 'completed' } } }]);
  });

  test('a client that has the id of a frame gets only what comes after it', async () => {
    const server = serve();
    const body = { message: say('Hi', { contextId: 'room' }) };
    const whole = await ask(server, 'POST /a2a/message:stream', { body });
    const ids = [...whole.text.matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id);
    expect(ids).toHaveLength(whole.frames.length);
    const task = whole.frames[0]?.task.id;
    for (const [index, id] of ids.entries()) {
      const headers = { 'last-event-id': id };
      const rest = whole.frames.slice(index + 1);
      for (const again of [
        await ask(server, 'POST /a2a/message:stream', { body, headers }),
        await ask(server, `POST /a2a/tasks/${task}:subscribe`, { headers }),
      ])
        expect(again.frames).toEqual(rest);
    }
    const unknown = `${task?.slice(0, 22)}.${'m'.repeat(16)}`;
    const none = await call(
      server,
      'SubscribeToTask',
      { id: unknown },
      { headers: { 'last-event-id': ids[0] ?? '' } },
    );
    expect(none.json.error.code).toBe(-32_001);
  });

  test('a task that failed says so without the secret', async () => {
    const server = serve();
    const { frames, text } = await ask(server, 'POST /a2a/message:stream', {
      body: { message: say('fail') },
    });
    expect(frames.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_FAILED' } } });
    expect(text).not.toContain('secret');
  });

  test('files and data become content', async () => {
    const parts = [
      { text: 'Look:' },
      { raw: 'AAAA', mediaType: 'image/png' },
      { raw: 'AAAA', mediaType: 'application/pdf', filename: 'a.pdf' },
      { url: 'data:text/csv;base64,AAAA' },
      { data: { a: [1] } },
    ];
    const content = [
      { type: 'text', text: 'Look:' },
      { type: 'image', media_type: 'image/png', data: 'AAAA' },
      { type: 'file', media_type: 'application/pdf', data: 'AAAA', name: 'a.pdf' },
      { type: 'file', media_type: 'text/csv', data: 'AAAA' },
      { type: 'text', text: '{"a":[1]}' },
    ];
    const server = serve();
    const task = await send(server, '', { parts });
    expect(task.artifacts[0]?.parts[0]?.text).toBe(`You said ${JSON.stringify(content)}`);
    const older = await call(
      server,
      'message/send',
      {
        message: sayOlder('', {
          parts: [
            { kind: 'text', text: 'Look:' },
            { kind: 'file', file: { bytes: 'AAAA', mimeType: 'image/png' } },
            { kind: 'file', file: { bytes: 'AAAA', mimeType: 'application/pdf', name: 'a.pdf' } },
            { kind: 'file', file: { uri: 'data:text/csv;base64,AAAA' } },
            { kind: 'data', data: { a: [1] } },
          ],
        }),
      },
      { version: null },
    );
    expect(older.json.result.artifacts[0]?.parts).toEqual([
      { kind: 'text', text: `You said ${JSON.stringify(content)}` },
    ]);
    const odd = await send(server, '', {
      parts: [
        { text: 'a', raw: null, url: null, data: null },
        { raw: '-_8=', mediaType: 'IMAGE/png', text: null },
        { url: 'DATA:text/csv;charset=utf-8,a%2C1' },
        { data: null, text: null },
      ],
    });
    const oddContent = [
      { type: 'text', text: 'a' },
      { type: 'image', media_type: 'image/png', data: '+/8=' },
      { type: 'file', media_type: 'text/csv', data: btoa('a,1') },
      { type: 'text', text: 'null' },
    ];
    expect(odd.artifacts[0]?.parts[0]?.text).toBe(`You said ${JSON.stringify(oddContent)}`);
    const away = await call(server, 'SendMessage', {
      message: say('', { parts: [{ url: 'https://a.example/b.png' }] }),
    });
    expect(away.json.error).toMatchObject({
      code: -32_005,
      data: [{ reason: 'CONTENT_TYPE_NOT_SUPPORTED' }],
    });
  });
});

describe('questions', () => {
  const decide = async (server: Server, decided: readonly object[], taskId: unknown, more: object = {}) =>
    call(server, 'SendMessage', { message: say('', { parts: decided, taskId, ...more }) });

  test('come as text and as data, and are answered one by one or together', async () => {
    const server = serve();
    const task = await send(server, 'ask twice', { contextId: 'room' });
    const { parts } = task.status.message;
    expect(task.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(parts).toMatchObject([
      { text: 'Which?' },
      { data: { reason: 'Which?' }, mediaType: 'application/json' },
      { text: 'May I go on?' },
      { data: { reason: null } },
    ]);
    const [first, second] = [parts[1]?.data.approval, parts[3]?.data.approval];
    const half = await decide(server, [{ data: { approval: first, decision: 'red' } }], task.id);
    expect(half.json.result.task.status).toMatchObject({
      state: 'TASK_STATE_INPUT_REQUIRED',
      message: { parts: [{}, { data: { approval: second } }] },
    });
    const whole = await decide(
      server,
      [{ data: { approval: second, decision: { approved: false } } }],
      task.id,
    );
    expect(whole.json.result.task).toMatchObject({
      id: task.id,
      contextId: 'room',
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ parts: [{ text: 'You decided ["red",false].' }] }],
      history: [
        { role: 'ROLE_USER' },
        { role: 'ROLE_AGENT' },
        { role: 'ROLE_USER', parts: [{ data: { decision: 'red' } }, { data: { decision: false } }] },
      ],
    });
  });

  test.each([
    ['yes', '[true]'],
    ['No.', '[false]'],
    ['no: too dear', '[{"approved":false,"reason":"too dear"}]'],
    ['The red one', '["The red one"]'],
    ['nowhere', '["nowhere"]'],
  ])('the text %j answers', async (text, decided) => {
    const server = serve();
    const { id } = await send(server, 'ask');
    const message = say(text, { taskId: id });
    const { json } = await call(server, 'SendMessage', { message });
    expect(json.result.task.artifacts[0]?.parts[0]?.text).toBe(`You decided ${decided}.`);
    // A client that got no answer sends it again.
    expect((await call(server, 'SendMessage', { message })).json).toEqual(json);
    const other = await call(server, 'SendMessage', { message: say('other', { taskId: id }) });
    expect(other.json.error.code).toBe(-32_004);
  });

  test('are answered once by a text for the rest that is sent again', async () => {
    const server = serve();
    const { id, status } = await send(server, 'ask twice');
    const approval = status.message.parts[1]?.data.approval;
    await call(server, 'SendMessage', {
      message: say('', { taskId: id, parts: [{ data: { approval, decision: 'red' } }] }),
    });
    const message = say('no', { taskId: id });
    const { json } = await call(server, 'SendMessage', { message });
    expect(json.result.task.artifacts[0]?.parts[0]?.text).toBe('You decided ["red",false].');
    expect((await call(server, 'SendMessage', { message })).json).toEqual(json);
    const other = await call(server, 'SendMessage', { message: say('other', { taskId: id }) });
    expect(other.json.error.code).toBe(-32_004);
  });

  test('are not answered by an empty text', async () => {
    const server = serve();
    const { id } = await send(server, 'ask');
    const { json } = await call(server, 'SendMessage', { message: say(' ', { taskId: id }) });
    expect(json.error.code).toBe(-32_602);
    expect((await call(server, 'GetTask', { id })).json.result.status.state).toBe(
      'TASK_STATE_INPUT_REQUIRED',
    );
  });

  test('an answer as a stream begins with the task', async () => {
    const server = serve();
    const { id } = await send(server, 'ask', { contextId: 'room' });
    const { frames } = await call(server, 'SendStreamingMessage', { message: say('yes', { taskId: id }) });
    expect(frames[0]).toMatchObject({ id: 7, result: { task: { id, contextId: 'room' } } });
    expect(frames.at(-1)).toMatchObject({
      result: { statusUpdate: { taskId: id, contextId: 'room', status: { state: 'TASK_STATE_COMPLETED' } } },
    });
    const asked = await send(server, 'ask twice');
    const data = asked.status.message.parts[1]?.data;
    const one = { parts: [{ data: { approval: data?.approval, decision: true } }], taskId: asked.id };
    const half = await call(server, 'SendStreamingMessage', { message: say('', one) });
    expect(half.frames).toMatchObject([
      { result: { task: { status: { state: 'TASK_STATE_INPUT_REQUIRED' } } } },
    ]);
  });

  test('are about a call, which the task has once', async () => {
    const server = serve();
    const pay = { call: 'pay', tool: 'pay', input: { sum: 5 } };
    const asked = await send(server, 'pay');
    expect(asked).toMatchObject({
      status: { message: { parts: [{ text: 'It costs 5.' }, { data: { reason: 'It costs 5.', ...pay } }] } },
      metadata: { tools: [{ ...pay, status: 'waiting' }] },
    });
    const paid = await send(server, 'pay', { taskId: asked.id });
    expect(paid).toMatchObject({ metadata: { tools: [{ ...pay, status: 'ok', output: 'paid' }] } });
  });

  test('are not answered by way of another task or context', async () => {
    const server = serve();
    const asking = await send(server, 'ask', { contextId: 'room' });
    const data = asking.status.message.parts[1]?.data;
    const answer = [{ data: { approval: data?.approval, decision: true } }];
    const done = await send(server, 'Hi');
    expect((await decide(server, answer, done.id)).json.error.code).toBe(-32_004);
    expect((await decide(server, answer, missing)).json.error.code).toBe(-32_001);
    const misplaced = await decide(server, answer, asking.id, { contextId: 'elsewhere' });
    expect(misplaced.json.error.code).toBe(-32_602);
    const foreign = await call(
      server,
      'SendMessage',
      { message: say('', { parts: answer, taskId: asking.id }) },
      { user: 'eve' },
    );
    expect(foreign.json.error).toEqual((await decide(server, answer, missing)).json.error);
    for (const contextId of ['room', asking.id.split('.')[0]])
      expect((await decide(server, answer, asking.id, { contextId })).json.result.task.status.state).toBe(
        'TASK_STATE_COMPLETED',
      );
  });
});

describe('lists', () => {
  test('have the last changed task first, in pages, of the owner alone', async () => {
    const server = serve();
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [text, contextId] of [
      ['one', 'a'],
      ['two', 'b'],
      ['three', 'a'],
      ['ask', 'c'],
    ]) {
      await send(server, text ?? '', { contextId });
      vi.setSystemTime(Date.now() + 5);
    }
    await send(server, 'foreign', { contextId: 'a' }, { user: 'eve' });
    const list = async (query: string): Promise<Told> => (await ask(server, `GET /a2a/tasks?${query}`)).json;
    const textsOf = ({ tasks }: Told): readonly string[] =>
      tasks.map(({ history }) => history?.[0]?.parts[0]?.text ?? '');
    const all = await list('historyLength=1');
    expect(textsOf(all)).toEqual(['ask', 'three', 'two', 'one']);
    expect(all).toMatchObject({ nextPageToken: '', pageSize: 50, totalSize: 4 });
    expect(all.tasks[1]).not.toHaveProperty('artifacts');
    const pages: string[] = [];
    for (let token = ''; ;) {
      const page = await list(`historyLength=1&pageSize=1&pageToken=${encodeURIComponent(token)}`);
      expect(page).toMatchObject({ pageSize: 1, totalSize: 4 });
      pages.push(...textsOf(page));
      token = page.nextPageToken;
      if (token === '') break;
    }
    expect(pages).toEqual(textsOf(all));
    expect(textsOf(await list('contextId=a&historyLength=1'))).toEqual(['three', 'one']);
    expect(await list('contextId=none')).toMatchObject({ tasks: [], totalSize: 0 });
    expect(textsOf(await list('status=TASK_STATE_INPUT_REQUIRED&historyLength=1'))).toEqual(['ask']);
    const since = all.tasks[1]?.status.timestamp as string;
    expect(textsOf(await list(`statusTimestampAfter=${since}&historyLength=1`))).toEqual(['ask', 'three']);
    const whole = await list('includeArtifacts=true');
    expect(whole.tasks[1]?.artifacts[0]?.parts[0]?.text).toBe('You said "three"');
    expect(whole.tasks[1]).not.toHaveProperty('history');
  });
});

describe('the card', () => {
  const card = async (server: Server, headers = {}, path = '') =>
    ask(server, `GET ${path}/.well-known/agent-card.json`, { user: null, version: null, headers });

  test('leads clients of both versions to the agent', async () => {
    const bearer = { httpAuthSecurityScheme: { scheme: 'Bearer' } };
    const skills = [{ id: 'a', name: 'A', description: 'Does a.', tags: ['a'] }];
    const options = { url: 'https://chat.example.com/', name: 'Ada', skills, securitySchemes: { bearer } };
    const { json, headers } = await card(serve(options));
    const url = 'https://chat.example.com/a2a';
    expect(json).toMatchObject({
      name: 'Ada',
      skills,
      supportedInterfaces: [
        { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
        { url, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
        { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
      ],
      url,
      preferredTransport: 'JSONRPC',
      protocolVersion: '0.3.0',
      capabilities: { streaming: true, pushNotifications: false },
      securitySchemes: { bearer: { ...bearer, type: 'http', scheme: 'Bearer' } },
      securityRequirements: [{ schemes: { bearer: { list: [] } } }],
      security: [{ bearer: [] }],
    });
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });

  test('without a URL has the one that it was asked by, and is not stored', async () => {
    const plain = await card(serve(), { host: 'agent.example:8000' });
    expect(plain.json.url).toBe('http://agent.example:8000/a2a');
    expect(plain.headers.get('cache-control')).toBe('private, no-store');
    const agent = new Request('https://chat.example/.well-known/agent-card.json');
    expect(await (await serve().fetch(agent)).json()).toMatchObject({ url: 'https://chat.example/a2a' });
    const behind = await card(serve({}, { basePath: '/agent' }), { 'x-forwarded-proto': 'https' }, '/agent');
    expect(behind.json.url).toBe('https://localhost/agent/a2a');
  });
});
