// Each error of A2A as the specification has it, without a client.
import { describe, expect, test } from 'vitest';
import { ask, call, missing, say, serve } from './a2a-server.fixture.ts';

describe('JSON-RPC', () => {
  test.each([
    ['{', -32_700, null],
    ['[]', -32_600, null],
    ['[{"jsonrpc":"2.0","id":1,"method":"GetTask"}]', -32_600, null],
    ['"text"', -32_600, null],
    [{ id: 7, method: 'GetTask' }, -32_600, 7],
    [{ jsonrpc: '1.0', id: 7, method: 'GetTask' }, -32_600, 7],
    [{ jsonrpc: '2.0', id: 7 }, -32_600, 7],
    [{ jsonrpc: '2.0', id: { a: 1 }, method: 'GetTask' }, -32_600, null],
    [{ jsonrpc: '2.0', id: 'x', method: 'Sing' }, -32_601, 'x'],
    [{ jsonrpc: '2.0', id: 'x', method: 'message/send' }, -32_601, 'x'],
    [{ jsonrpc: '2.0', id: 'x', method: 'toString' }, -32_601, 'x'],
    [{ jsonrpc: '2.0', id: 7, method: 'GetTask', params: [] }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'GetTask' }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'GetTask', params: { id: missing, historyLength: -1 } }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'GetTask', params: { id: missing } }, -32_001, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'GetTask', params: { id: 'none' } }, -32_001, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'CancelTask', params: { id: missing } }, -32_001, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'SubscribeToTask', params: { id: missing } }, -32_001, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'ListTasks', params: { pageSize: 101 } }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'ListTasks', params: { pageSize: 0 } }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'ListTasks', params: { status: 'TASK_STATE_RUNNING' } }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'ListTasks', params: { pageToken: 'x' } }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'ListTasks', params: { statusTimestampAfter: 'now' } }, -32_602, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'CreateTaskPushNotificationConfig', params: {} }, -32_003, 7],
    [{ jsonrpc: '2.0', id: 7, method: 'GetExtendedAgentCard' }, -32_004, 7],
  ])('%j is error %i of the request %j', async (body, code, id) => {
    const { status, json } = await ask(serve(), 'POST /a2a', { body });
    expect([status, json]).toMatchObject([200, { jsonrpc: '2.0', id, error: { code } }]);
    expect(json.error.message).toMatch(/\.$/);
    for (const detail of json.error.data)
      expect(detail['@type']).toMatch(/^type\.googleapis\.com\/google\.rpc\./);
  });

  test.each([
    ['no message', {}],
    ['no id', { message: { role: 'ROLE_USER', parts: [{ text: 'a' }] } }],
    ['no parts', { message: say('a', { parts: [] }) }],
    ['the role of the agent', { message: say('a', { role: 'ROLE_AGENT' }) }],
    ['the role of version 0.3', { message: say('a', { role: 'user' }) }],
    ['a part of version 0.3', { message: say('a', { parts: [{ kind: 'file', file: {} }] }) }],
    ['a part that is two', { message: say('a', { parts: [{ text: 'a', data: 1 }] }) }],
    [
      'a part that is two, and one of them nothing',
      { message: say('a', { parts: [{ text: 5, data: null }] }) },
    ],
    ['a part that is nothing', { message: say('a', { parts: [{ text: null, raw: null }] }) }],
    ['a file that is not base64', { message: say('a', { parts: [{ raw: '***' }] }) }],
    ['a broken address of data', { message: say('a', { parts: [{ url: 'data:text/plain,%E0' }] }) }],
    ['a part that is no object', { message: say('a', { parts: ['a'] }) }],
    ['an answer and no task', { message: say('', { parts: [{ data: { approval: 'a', decision: 1 } }] }) }],
    ['no text at all', { message: say('') }],
    ['a long context', { message: say('a', { contextId: 'x'.repeat(201) }) }],
    ['a wrong flag', { message: say('a'), configuration: { returnImmediately: 1 } }],
  ])('a message with %s has invalid parameters', async (_, params) => {
    const { json } = await call(serve(), 'SendMessage', params);
    expect(json).toMatchObject({ id: 7, error: { code: -32_602 } });
  });

  test('an error names the field that is wrong', async () => {
    const { json } = await call(serve(), 'SendMessage', { message: say('a', { parts: [] }) });
    expect(json.error.data).toContainEqual({
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: 'message.parts', description: '"message.parts" must have a part.' }],
    });
  });

  test('without a version it is version 0.3, and others are not served', async () => {
    const server = serve();
    const old = await call(server, 'SendMessage', {}, { version: null });
    expect(old.json.error).toMatchObject({
      code: -32_601,
      message: expect.stringContaining('A2A-Version: 1.0'),
    });
    expect((await call(server, 'message/send', {}, { version: null })).json.error.code).toBe(-32_602);
    for (const version of ['0.5', '2.0', '1', 'x'])
      expect((await call(server, 'GetTask', {}, { version })).json.error).toMatchObject({
        code: -32_009,
        data: [{ reason: 'VERSION_NOT_SUPPORTED', domain: 'a2a-protocol.org' }],
      });
    for (const version of ['1.0.1', ' 1.0 '])
      expect((await call(server, 'GetTask', { id: missing }, { version })).json.error.code).toBe(-32_001);
    const named = await ask(server, 'POST /a2a?A2A-Version=1.0', {
      body: { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: missing } },
      version: null,
    });
    expect(named.json.error.code).toBe(-32_001);
    const both = await ask(server, 'POST /a2a?A2A-Version=1.0', {
      body: { jsonrpc: '2.0', id: 1, method: 'ListTasks', params: null },
      version: '',
    });
    expect(both.json).toMatchObject({ result: { tasks: [] } });
  });

  test('refusals of the server keep their status, and are errors of JSON-RPC, too', async () => {
    const server = serve();
    const unknown = await call(server, 'GetTask', { id: missing }, { user: null });
    expect([unknown.status, unknown.json]).toMatchObject([
      401,
      { jsonrpc: '2.0', id: null, error: { code: -32_000 } },
    ]);
    const foreign = await call(server, 'GetTask', {}, { headers: { origin: 'https://evil.example' } });
    expect([foreign.status, foreign.json.error.data[0]?.reason]).toEqual([403, 'FORBIDDEN_ORIGIN']);
    const typed = await ask(server, 'POST /a2a', { body: '{}', headers: { 'content-type': 'text/plain' } });
    expect([typed.status, typed.json.error.code]).toEqual([415, -32_005]);
  });
});

describe('HTTP+JSON', () => {
  test.each([
    ['GET', `/a2a/tasks/${missing}`, undefined, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'],
    ['GET', '/a2a/tasks/none', undefined, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'],
    ['GET', `/a2a/tasks/${missing}?historyLength=x`, undefined, 400, 'INVALID_ARGUMENT', 'INVALID_PARAMS'],
    ['GET', `/a2a/tasks/${missing}:sing`, undefined, 501, 'UNIMPLEMENTED', 'METHOD_NOT_FOUND'],
    ['POST', `/a2a/tasks/${missing}`, {}, 501, 'UNIMPLEMENTED', 'METHOD_NOT_FOUND'],
    ['POST', `/a2a/tasks/${missing}:cancel`, undefined, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'],
    ['POST', `/a2a/tasks/${missing}:subscribe`, undefined, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'],
    ['GET', '/a2a/tasks?pageSize=101', undefined, 400, 'INVALID_ARGUMENT', 'INVALID_PARAMS'],
    ['GET', '/a2a/tasks?includeArtifacts=maybe', undefined, 400, 'INVALID_ARGUMENT', 'INVALID_PARAMS'],
    ['POST', '/a2a/message:send', '{', 400, 'INVALID_ARGUMENT', 'PARSE_ERROR'],
    ['POST', '/a2a/message:send', {}, 400, 'INVALID_ARGUMENT', 'INVALID_PARAMS'],
    ['GET', '/a2a/extendedAgentCard', undefined, 400, 'FAILED_PRECONDITION', 'UNSUPPORTED_OPERATION'],
    [
      'POST',
      `/a2a/tasks/${missing}/pushNotificationConfigs`,
      {},
      400,
      'FAILED_PRECONDITION',
      'PUSH_NOTIFICATION_NOT_SUPPORTED',
    ],
    [
      'DELETE',
      `/a2a/tasks/${missing}/pushNotificationConfigs/c`,
      undefined,
      400,
      'FAILED_PRECONDITION',
      'PUSH_NOTIFICATION_NOT_SUPPORTED',
    ],
  ])('%s %s with %j is %i %s', async (method, path, body, status, name, reason) => {
    const { json, headers, ...answered } = await ask(serve(), `${method} ${path}`, { body });
    expect(answered.status).toBe(status);
    expect(headers.get('content-type')).toBe('application/a2a+json');
    expect(json).toMatchObject({ error: { code: status, status: name } });
    expect(json.error.details[0]).toMatchObject({ reason });
  });

  test('serves version 1.0 alone', async () => {
    for (const version of [null, '0.3', '0.5']) {
      const { status, json } = await ask(serve(), 'GET /a2a/tasks', { version });
      expect([status, json.error.details[0]?.reason]).toEqual([400, 'VERSION_NOT_SUPPORTED']);
    }
  });

  test('refusals of the server keep their status, in the words of google.rpc', async () => {
    const { status, json } = await ask(serve(), 'GET /a2a/tasks', { user: null });
    expect([status, json.error]).toMatchObject([401, { code: 401, status: 'UNAUTHENTICATED' }]);
  });

  test('a message may come and go as application/a2a+json', async () => {
    const { status, json, headers } = await ask(serve(), 'POST /a2a/message:send', {
      body: { message: say('Hi', { contextId: 'room' }) },
      headers: { 'content-type': 'application/a2a+json' },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/a2a+json');
    expect(json).toMatchObject({
      task: {
        contextId: 'room',
        status: { state: 'TASK_STATE_COMPLETED' },
        artifacts: [{ parts: [{ text: 'You said "Hi"' }] }],
        history: [{ role: 'ROLE_USER', parts: [{ text: 'Hi' }] }],
      },
    });
    expect(new Date(json.task.status.timestamp).toISOString()).toBe(json.task.status.timestamp);
  });
});
