// Push notifications of A2A: the official client registers them, and a receiver over HTTP gets them.
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SendMessageRequest, StreamResponse, TaskState } from 'a2a-sdk';
import type { Task, TaskPushNotificationConfig } from 'a2a-sdk';
import type { Client } from 'a2a-sdk/client';
import { defineAgent } from 'heddle';
import { a2a } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen, webhookFetch } from 'heddle/node';
import { createServer } from 'heddle/server';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectA2a } from '../rig/dialects/a2a-clients.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const received: Received[] = [];
const receiver = createHttpServer((request, response) => {
  void json(request).then((body) => {
    received.push({ path: String(request.url), headers: request.headers, body });
    response.end();
  });
});
let url = '';
let hook = '';
let close = async (): Promise<void> => {};

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  hook = `http://127.0.0.1:${port}`;
  const agent = defineAgent({
    open: () =>
      async function* ({ input, turn }) {
        if (input.type === 'message' && input.content === 'ask')
          yield { type: 'approval_request', approval: `may-${turn}`, reason: 'Which?' };
        else yield 'hello';
      },
  });
  const server = createServer({
    agent,
    store: memoryStore(),
    dialects: [a2a()],
    authenticate: (request) => request.header('authorization'),
    dueMs: 50,
    webhooks: {
      fetch: webhookFetch,
      secrets: [`whsec_${btoa('a secret of thirty-two characters')}`],
      hosts: [`127.0.0.1:${port}`],
    },
  });
  const listening = await listen(server, { port: 0 });
  ({ url } = listening);
  close = () => listening.close(0);
});

afterAll(async () => {
  await close();
  receiver.closeAllConnections();
  receiver.close();
});

const kinds = [
  { binding: 'JSONRPC', version: '1.0' },
  { binding: 'HTTP+JSON', version: '1.0' },
  { binding: 'JSONRPC', version: '0.3' },
] as const;

describe.each(kinds)('$binding $version', (kind) => {
  const { version } = kind;
  const place = `/${kind.binding.replace('+', '-')}-${version}`;
  let client: Client;
  beforeAll(async () => {
    client = await connectA2a(url, kind, { authorization: 'ada' });
  });

  const configOf = (
    taskId: string,
    more: Partial<TaskPushNotificationConfig> = {},
  ): TaskPushNotificationConfig => ({
    tenant: '',
    taskId,
    id: 'c',
    url: `${hook}${place}`,
    token: 'tok',
    authentication: { scheme: 'Bearer', credentials: 'cred' },
    ...more,
  });
  const send = async (text: string, configuration: object = {}): Promise<Task> => {
    const sent = await client.sendMessage(
      SendMessageRequest.fromJSON({
        message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text }] },
        configuration,
      }),
    );
    if (!('status' in sent)) throw new Error('There is no task.');
    return sent;
  };
  /** Returns the tasks of the notices for a place, as the package reads them. */
  const tasksOf = (path: string): readonly { id: string; state: unknown; text: string | undefined }[] =>
    received
      .filter((each) => each.path === path)
      .map(({ body }) => {
        const { payload } = StreamResponse.fromJSON(version === '0.3' ? { task: body } : body);
        if (payload?.$case !== 'task') throw new Error('There is no task.');
        const { id, status, artifacts } = payload.value;
        const state = version === '0.3' ? Object(body).status.state : status?.state;
        const [content] = artifacts.flatMap(({ parts }) => parts.map((part) => part.content));
        return {
          id,
          state,
          text: content?.$case === 'text' ? content.value : Object(body).artifacts?.[0]?.parts[0].text,
        };
      });

  test('the card says that there are push notifications', async () => {
    const card: unknown = await (await fetch(`${url}/.well-known/agent-card.json`)).json();
    expect(card).toMatchObject({ capabilities: { pushNotifications: true } });
  });

  test('a message brings a configuration, and its receiver gets the task', async () => {
    const path = `${place}-sent`;
    const { id } = await send('hi', { taskPushNotificationConfig: configOf('', { url: `${hook}${path}` }) });
    await vi.waitFor(() => expect(tasksOf(path)).toHaveLength(1));
    const completed = version === '0.3' ? 'completed' : TaskState.TASK_STATE_COMPLETED;
    expect(tasksOf(path)).toEqual([{ id, state: completed, text: 'hello' }]);
    expect(received.find((each) => each.path === path)?.headers).toMatchObject({
      'content-type': version === '0.3' ? 'application/json' : 'application/a2a+json',
      'x-a2a-notification-token': 'tok',
      authorization: 'Bearer cred',
      'webhook-id': expect.stringMatching(/^msg_/),
    });
  });

  test('configurations are created, replaced, read, listed and deleted', async () => {
    const path = `${place}-later`;
    const { id: taskId } = await send('ask');
    const config = configOf(taskId, { url: `${hook}${path}` });
    expect(await client.createTaskPushNotificationConfig(config)).toEqual(config);
    const other = { ...config, id: 'd', token: '', authentication: undefined };
    expect(await client.createTaskPushNotificationConfig(other)).toEqual(other);
    expect(await client.getTaskPushNotificationConfig({ tenant: '', taskId, id: 'd' })).toEqual(other);
    const list = { tenant: '', taskId, pageSize: 0, pageToken: '' };
    expect((await client.listTaskPushNotificationConfig(list)).configs).toEqual([config, other]);
    await client.deleteTaskPushNotificationConfig({ tenant: '', taskId, id: 'd' });
    expect((await client.listTaskPushNotificationConfig(list)).configs).toEqual([config]);
    await expect(client.getTaskPushNotificationConfig({ tenant: '', taskId, id: 'd' })).rejects.toThrow(
      'no such',
    );
    await client.cancelTask({ tenant: '', id: taskId, metadata: undefined });
    await vi.waitFor(() => expect(tasksOf(path)).toHaveLength(1));
    expect(tasksOf(path)[0]?.state).toBe(version === '0.3' ? 'canceled' : TaskState.TASK_STATE_CANCELED);
  });

  test('another owner has no part in them', async () => {
    const { id: taskId } = await send('hi', { taskPushNotificationConfig: configOf('') });
    const stranger = await connectA2a(url, kind, { authorization: 'bob' });
    await expect(stranger.createTaskPushNotificationConfig(configOf(taskId))).rejects.toThrow('no such task');
    await expect(stranger.getTaskPushNotificationConfig({ tenant: '', taskId, id: 'c' })).rejects.toThrow(
      'no such task',
    );
  });

  test('a receiver that could not be told is refused', async () => {
    const config = configOf('', { url: 'https://10.0.0.1/' });
    await expect(send('hi', { taskPushNotificationConfig: config })).rejects.toThrow('not public');
    const secret = configOf('', { authentication: { scheme: '', credentials: 'cred' } });
    await expect(send('hi', { taskPushNotificationConfig: secret })).rejects.toThrow('no scheme');
  });

  test('the id of a configuration is its own, whatever else a body names', async () => {
    const { id } = await send('hi');
    const response = await fetch(`${url}/a2a/tasks/${id}/pushNotificationConfigs?config=query`, {
      method: 'POST',
      headers: { authorization: 'ada', 'a2a-version': '1.0', 'content-type': 'application/json' },
      body: JSON.stringify({ ...configOf('other'), config: 'body' }),
    });
    expect(await response.json()).toMatchObject({ taskId: id, id: 'c' });
  });
});
