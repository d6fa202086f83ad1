// MCP's Tasks extension, which the official client does not speak yet: plain requests, as the extension
// defines them.
import { mcp } from 'heddle/dialects';
import type { CheckedServer } from 'heddle/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createCheckedAgent } from '../../src/testing/dialects/checked-agent.ts';
import { startWith } from '../rig/checked-server.ts';

const agent = createCheckedAgent();
let server: CheckedServer;
beforeAll(async () => {
  server = await startWith(mcp())(agent.agent);
});
afterAll(() => server.close());

const version = '2026-07-28';
let calls = 0;

/** A task, or an error: the fields that these tests look at. */
interface Told {
  readonly taskId: string;
  readonly result: { readonly structuredContent: { readonly thread: string; readonly answer: string } };
  readonly inputRequests: Readonly<Record<string, unknown>>;
}

/** Sends a request of a host that takes tasks. Returns its result, or its error. */
async function call(
  method: string,
  params: Readonly<Record<string, unknown>>,
  { owner = 'ada', elicits = true }: { readonly owner?: string; readonly elicits?: boolean } = {},
): Promise<Told> {
  const { name = params['taskId'] } = params;
  const id = (calls += 1);
  const body = {
    jsonrpc: '2.0',
    id,
    method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': version,
        'io.modelcontextprotocol/clientCapabilities': {
          extensions: { 'io.modelcontextprotocol/tasks': {} },
          ...(elicits && { elicitation: {} }),
        },
      },
    },
  };
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${owner}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': version,
      'mcp-method': method,
      'mcp-name': String(name),
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  const answer = Object(await response.json());
  expect(answer).toMatchObject({ jsonrpc: '2.0', id });
  return answer.result ?? answer.error;
}

const ask = (message: string, more = {}): Promise<Told> =>
  call('tools/call', { name: 'ask', arguments: { message, ...more } });
const get = (taskId: string): Promise<Told> => call('tasks/get', { taskId });

async function until(taskId: string, status: string): Promise<Told> {
  return vi.waitFor(async () => {
    const task = await get(taskId);
    expect(task).toMatchObject({ resultType: 'complete', taskId, status });
    return task;
  });
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('a call is a task at once, and its result is that of the tool', async () => {
  const created = await ask('count 10');
  expect(created).toMatchObject({
    resultType: 'task',
    status: 'working',
    createdAt: expect.stringMatching(instant),
    lastUpdatedAt: expect.stringMatching(instant),
    ttlMs: null,
    pollIntervalMs: expect.any(Number),
  });
  expect(created).not.toHaveProperty('result');
  const { result } = await until(created.taskId, 'completed');
  expect(result).toMatchObject({ isError: false, structuredContent: { status: 'done' } });
  const next = await ask('hello', { thread: result.structuredContent.thread });
  const [session] = next.taskId.split('.');
  expect(session).toBe(created.taskId.split('.')[0]);
});

test('a failure is a completed task whose result says so', async () => {
  const { taskId } = await ask('fail');
  const { result } = await until(taskId, 'completed');
  expect(result).toMatchObject({ isError: true, structuredContent: { status: 'failed' } });
});

test('an approval is input that the task waits for', async () => {
  const { taskId } = await ask('ask');
  const { inputRequests } = await until(taskId, 'input_required');
  // A host that cannot ask its user is not asked to.
  const silent = await call('tasks/get', { taskId }, { elicits: false });
  expect(silent).toMatchObject({
    status: 'working',
    statusMessage: expect.stringContaining('It costs money.'),
  });
  expect(silent).not.toHaveProperty('inputRequests');
  const [[approval, request] = ['']] = Object.entries(inputRequests);
  expect(request).toMatchObject({
    method: 'elicitation/create',
    params: { mode: 'form', message: 'The agent wants to call add with {"a":1,"b":2}. It costs money.' },
  });
  const inputResponses = {
    other: { action: 'decline' },
    [approval]: { action: 'accept', content: { approve: true } },
  };
  expect(await call('tasks/update', { taskId, inputResponses })).toMatchObject({ resultType: 'complete' });
  const { result } = await until(taskId, 'completed');
  expect(result.structuredContent.answer).toBe('May I? \n\nThank you.');
  // An answer that comes late or that names nothing is ignored.
  for (const responses of [
    inputResponses,
    { [approval]: { action: 'decline' } },
    { other: { action: 'decline' } },
    {},
  ])
    expect(await call('tasks/update', { taskId, inputResponses: responses })).toMatchObject({
      resultType: 'complete',
    });
});

test('a task is cancelled while it works, waits for input, or waits for its turn', async () => {
  const { taskId } = await ask('hang', { thread: 'cancelled' });
  await vi.waitFor(() => expect(agent.asked('hang')).toBe(1));
  const queued = await ask('hello', { thread: 'cancelled' });
  expect(await call('tasks/cancel', { taskId: queued.taskId })).toMatchObject({ resultType: 'complete' });
  await until(queued.taskId, 'cancelled');
  expect(await call('tasks/cancel', { taskId })).toMatchObject({ resultType: 'complete' });
  await until(taskId, 'cancelled');
  const waiting = await ask('ask');
  await until(waiting.taskId, 'input_required');
  await call('tasks/cancel', { taskId: waiting.taskId });
  await until(waiting.taskId, 'cancelled');
  // A task that is over stays as it is.
  const over = await ask('hello');
  await until(over.taskId, 'completed');
  expect(await call('tasks/cancel', { taskId: over.taskId })).toMatchObject({ resultType: 'complete' });
  await until(over.taskId, 'completed');
});

test("another owner's task, and one that never was, are unknown alike", async () => {
  const { taskId } = await ask('hello');
  const never = `${'a'.repeat(22)}.${'b'.repeat(16)}`;
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const params = { inputResponses: { a: { action: 'decline' } } };
    const answers = await Promise.all([
      call(method, { ...params, taskId }, { owner: 'eve' }),
      call(method, { ...params, taskId: never }),
      call(method, { ...params, taskId: 'nonsense' }),
    ]);
    for (const answer of answers)
      expect(answer).toEqual({ code: -32_602, message: 'There is no such task.' });
  }
});
