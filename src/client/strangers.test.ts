import { describe, expect, test } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { idOf, serveLog, turnOf } from './scripted-log.fixture.ts';
import { json, startScript } from './scripted-server.fixture.ts';
import type { ScriptedServer, Step } from './scripted-server.fixture.ts';
import { createClient, createConversation } from './index.ts';
import type { Client, EventAtId } from './index.ts';

const turn = turnOf('Hello');
const sent = { status: 'ok', message_id: 'm1', turn_id: 't1', id: '2-aaaaaa' };

const to = (server: ScriptedServer): Client => createClient({ url: server.url, timing: createFakeTiming() });

/** Responds as a program in the server's place does. */
const page = (status: number, type = 'text/html', body = '<h1>Hold on</h1>'): Step => {
  return (response) => response.writeHead(status, { 'content-type': type }).end(body);
};
/**
 * A captive portal, a firewall, a misdirected connection, a default backend, a bucket during a deploy,
 * another program on the port.
 */
const strangers: readonly (readonly [string, Step, number])[] = [
  ['404 with a page', page(404), 1],
  ['403 with a page', page(403), 1],
  // `fetch` itself sends two requests then (Fetch standard, HTTP-network-or-cache fetch).
  ['421 without a word', page(421, 'text/plain', ''), 2],
  ['405 from a bucket', page(405, 'application/xml', '<Error/>'), 1],
  ['410 with a page', page(410), 1],
  ['404 with JSON of its own', page(404, 'application/json', '{"message":"no Route matched"}'), 1],
  ['404 with problem JSON of its own', page(404, 'application/problem+json', '{"title":"Not Found"}'), 1],
  ['429 with a page', page(429), 1],
];

async function follow(client: Client, errors: unknown[] = []): Promise<readonly EventAtId[]> {
  const all: EventAtId[] = [];
  const onConnection = (_: string, { error }: { readonly error?: Error }): void => {
    if (error) errors.push(error);
  };
  for await (const received of client.session('s1').events({ onConnection })) {
    all.push(received);
    if (received.event.type === 'message_end') break;
  }
  return all;
}

describe.each(strangers)('something other than a Heddle server answers %s', (_, step, requests) => {
  test('a stream that was good is retried, however often that comes, and continues after its last id', async () => {
    const many = Array.from({ length: 15 }, () => step);
    const cut = serveLog(turn, { bytes: 300, by: 'reset' });
    await using server = await startScript(cut, ...many, serveLog(turn));
    const errors: unknown[] = [];
    const all = await follow(to(server), errors);
    expect(all.map(({ id }) => id)).toEqual(turn.map((_event, index) => idOf(index + 1)));
    // The caller is told of each refusal meanwhile.
    expect(errors).toContainEqual(expect.objectContaining({ code: 'refused', status: expect.any(Number) }));
  });

  test('a stream that never was good is tried ten times, and then fails', async () => {
    await using late = await startScript(step, step, step, step, serveLog(turn));
    expect(await follow(to(late))).toHaveLength(turn.length);
    await using never = await startScript(step);
    await expect(follow(to(never))).rejects.toMatchObject({ code: 'refused', status: expect.any(Number) });
    expect(never.requests).toHaveLength(10 * requests);
  });

  test('a message is tried again, up to its limit', async () => {
    await using server = await startScript(step, step, json(202, sent));
    expect(await to(server).session('s1').send('Hi')).toMatchObject({ turn: 't1' });
    await using never = await startScript(step);
    await expect(to(never).session('s1').send('Hi')).rejects.toMatchObject({ code: 'refused' });
    expect(never.requests).toHaveLength(6 * requests);
  });

  test('a conversation is loaded once the server is back', async () => {
    const state = { session: 's1', messages: [], approvals: [] };
    await using server = await startScript(step, step, step, json(200, state), serveLog(turn));
    const conversation = createConversation(to(server).session('s1'));
    await server.until(() => server.requests.length === 5);
    expect(conversation.get()).toMatchObject({ loaded: true });
    conversation.close();
  });
});

test('413 and 401 are final from any source', async () => {
  await using large = await startScript(page(413));
  await expect(to(large).session('s1').send('Hi')).rejects.toMatchObject({ status: 413 });
  await using unknown = await startScript(page(401));
  await expect(follow(to(unknown))).rejects.toMatchObject({ status: 401 });
  expect([large.requests.length, unknown.requests.length]).toEqual([1, 1]);
});
