// The official client of MCP against a server, in both kinds of revisions.
import { mcp } from 'heddle/dialects';
import type { CheckedServer } from 'heddle/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCheckedAgent, toCounted } from '../../src/testing/dialects/checked-agent.ts';
import { startWith } from '../rig/checked-server.ts';
import { askMcp, useMcpClients } from '../rig/dialects/mcp-client.ts';
import type { McpEra } from '../rig/dialects/mcp-client.ts';

const agent = createCheckedAgent();
let server: CheckedServer;
beforeAll(async () => {
  server = await startWith(mcp({ name: 'looms', version: '2.0.0' }))(agent.agent);
});
afterAll(() => server.close());

const open = useMcpClients(() => server.url);

/** A name that no other test has. */
const nameThread = (): string => `thread ${crypto.randomUUID()}`;

describe.each<McpEra>(['legacy', 'modern'])('in a %s revision', (era) => {
  test('a host finds one tool, and knows who serves it', async () => {
    const client = await open({ era });
    expect(client.getServerVersion()).toMatchObject({ name: 'looms', version: '2.0.0' });
    expect(client.getInstructions()).toContain('"ask"');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['ask']);
    expect(tools[0]?.inputSchema.required).toEqual(['message']);
  });

  test('asks, and goes on in the conversation that the result names', async () => {
    const client = await open({ era });
    const first = await askMcp(client, 'hello there');
    expect(first).toMatchObject({ isError: false, status: 'done', answer: 'hello.there.' });
    expect(first.texts).toEqual([
      'hello.there.',
      `To go on in this conversation, call the tool with the thread "${first.thread}".`,
    ]);
    const second = await askMcp(client, 'again', { thread: first.thread });
    expect(second).toMatchObject({ texts: ['again.'], thread: first.thread });
    const response = await fetch(`${server.url}/session/${first.thread}`, {
      headers: { authorization: 'Bearer ada' },
    });
    expect(JSON.stringify(await response.json())).toContain('hello.there.');
  });

  test('the same name of two owners is two conversations', async () => {
    const thread = nameThread();
    const [ada, eve] = [await open({ era }), await open({ era, owner: 'eve' })];
    const first = await askMcp(ada, 'hello', { thread });
    expect(first).toMatchObject({ texts: ['hello.'], thread });
    expect(await askMcp(eve, 'goodbye', { thread })).toMatchObject({ texts: ['goodbye.'], thread });
    const sessions = await Promise.all(
      ['ada', 'eve'].map(async (owner) =>
        (await fetch(`${server.url}/sessions`, { headers: { authorization: `Bearer ${owner}` } })).text(),
      ),
    );
    expect(sessions[0]).not.toContain('goodbye');
    expect(sessions[1]).not.toContain('hello');
  });

  test('progress goes up, and says what the agent does', async () => {
    const client = await open({ era });
    const seen: { progress: number; message?: string | undefined }[] = [];
    await askMcp(client, 'use', {
      onprogress: ({ progress, message }) => void seen.push({ progress, message }),
    });
    expect(seen.map(({ message }) => message)).toEqual([
      'The message was sent.',
      'The agent is at work.',
      'The agent has written 8 characters.',
      'The agent calls add.',
      'add has answered.',
    ]);
    const numbers = seen.map(({ progress }) => progress);
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('tools, reasoning and withdrawn text are not part of the answer', async () => {
    const client = await open({ era });
    expect(await askMcp(client, 'think', { thread: nameThread() })).toMatchObject({ texts: ['Done.'] });
    expect(await askMcp(client, 'use', { thread: nameThread() })).toMatchObject({
      texts: ['Adding. ', 'Added.'],
    });
    expect(await askMcp(client, 'retract', { thread: nameThread() })).toMatchObject({ texts: ['Right.'] });
    expect(await askMcp(client, 'replace', { thread: nameThread() })).toMatchObject({ texts: ['A word.'] });
  });

  test('a failure is an error of the tool, in plain words', async () => {
    const client = await open({ era });
    const failed = await askMcp(client, 'fail', { thread: nameThread() });
    expect(failed).toMatchObject({ isError: true, status: 'failed' });
    expect(failed.texts).toEqual(['This will ', 'The agent failed while it made this answer.']);
  });

  test('a call that cannot be performed says why', async () => {
    const client = await open({ era });
    const refuse = (args: Record<string, unknown>): Promise<unknown> =>
      client.callTool({ name: 'ask', arguments: args });
    expect(await refuse({})).toMatchObject({
      isError: true,
      content: [{ text: 'The "message" must be a text: what the agent is asked.' }],
    });
    expect(await refuse({ message: 'x', thread: 7 })).toMatchObject({ isError: true });
    expect(await refuse({ message: 'x', thread: 'x'.repeat(201) })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('200 characters') }],
    });
    await expect(client.callTool({ name: 'other', arguments: {} })).rejects.toThrow(
      'The only tool is "ask".',
    );
  });

  test.each([
    ['accept', { action: 'accept', content: { approve: true } }, ['May I? ', 'Thank you.']],
    ['accept with a no', { action: 'accept', content: { approve: false } }, ['May I? ', 'As you wish.']],
    ['decline', { action: 'decline' }, ['May I? ', 'As you wish.']],
    ['cancel', { action: 'cancel' }, ['May I? ', 'As you wish.']],
  ] as const)('an approval asks the user of the host: %s', async (_, answer, texts) => {
    const asked: string[] = [];
    const client = await open({
      era,
      onForm: (message) => {
        asked.push(message);
        return answer;
      },
    });
    expect(await askMcp(client, 'ask', { thread: nameThread() })).toMatchObject({ texts, isError: false });
    expect(asked).toEqual(['The agent wants to call add with {"a":1,"b":2}. It costs money.']);
  });

  test('a host that cannot ask is told what waits, and a message closes it', async () => {
    const client = await open({ era });
    const thread = nameThread();
    const waiting = await askMcp(client, 'ask', { thread });
    expect(waiting).toMatchObject({ isError: false, status: 'waiting', answer: 'May I? ' });
    expect(waiting.texts[1]).toContain('The agent wants to call add with {"a":1,"b":2}. It costs money.');
    expect(await askMcp(client, 'hello', { thread })).toMatchObject({ texts: ['hello.'] });
  });

  test('a host that gives up stops the agent', async () => {
    const client = await open({ era });
    const before = agent.cancelled;
    const thread = nameThread();
    const gone = new AbortController();
    const asked = askMcp(client, 'hang', { thread, signal: gone.signal, onprogress: () => gone.abort() });
    await expect(asked).rejects.toThrow();
    await vi.waitFor(() => expect(agent.cancelled).toBe(before + 1));
    expect(await askMcp(client, 'hello', { thread })).toMatchObject({ texts: ['hello.'] });
  });

  test('two questions in one conversation are answered one after the other', async () => {
    const [one, other] = [await open({ era }), await open({ era })];
    const thread = nameThread();
    const both = await Promise.all([askMcp(one, 'count 20', { thread }), askMcp(other, 'hello', { thread })]);
    expect(both.map(({ texts }) => texts)).toEqual([[toCounted(20)], ['hello.']]);
  });
});

test('another owner cannot read a stream by the id of its frame, and a page of another site cannot ask', async () => {
  const headers = {
    authorization: 'Bearer ada',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-11-25',
  };
  const call = { name: 'ask', arguments: { message: 'hello' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call });
  const post = { method: 'POST', headers, body };
  const said = await (await fetch(`${server.url}/mcp`, post)).text();
  const [, first = ''] = /^id: (.+)$/m.exec(said) ?? [];
  const resume = (owner: string): Promise<Response> =>
    fetch(`${server.url}/mcp`, { headers: { 'last-event-id': first, authorization: `Bearer ${owner}` } });
  expect(await (await resume('ada')).text()).toContain('hello.');
  const stolen = await resume('eve');
  expect([stolen.status, await stolen.text()]).toEqual([404, expect.not.stringContaining('hello.')]);
  const foreign = await fetch(`${server.url}/mcp`, {
    ...post,
    headers: { ...headers, origin: 'https://evil.example' },
  });
  expect([foreign.status, await foreign.json()]).toMatchObject([403, { jsonrpc: '2.0', error: {} }]);
  const nobody = await fetch(`${server.url}/mcp`, { ...post, headers: { ...headers, authorization: '' } });
  expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  const batch = await fetch(`${server.url}/mcp`, { ...post, body: `[${body}]` });
  expect([batch.status, await batch.json()]).toMatchObject([400, { error: { code: -32_600 } }]);
  const gone = await fetch(`${server.url}/mcp`, { method: 'DELETE', headers });
  expect([gone.status, gone.headers.get('allow')]).toEqual([405, 'POST, GET']);
  expect(await gone.json()).toMatchObject({ jsonrpc: '2.0', error: {} });
});

test('an approval that was answered elsewhere is not asked about again', async () => {
  const headers = { authorization: 'Bearer ada', 'content-type': 'application/json' };
  const client = await open({
    era: 'modern',
    onForm: () => ({ action: 'decline' }),
    fetch: async (input, init) => {
      const { params } = Object(JSON.parse(String(init?.body ?? '{}')));
      const approval = Object.keys(params?.inputResponses ?? {})[0] ?? '';
      const [session] = String(params?.requestState).split('.');
      // Before the host sends its user's no, another client has said yes.
      if (approval !== '')
        await fetch(`${server.url}/answer/${session}`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ approval_id: approval, decision: true }),
        });
      return fetch(input, init);
    },
  });
  expect(await askMcp(client, 'ask')).toMatchObject({ answer: 'May I? \n\nThank you.' });
});

test('a client that finds out by itself speaks the newest revision', async () => {
  const client = await open({ era: 'auto' });
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  expect(await askMcp(client, 'hello')).toMatchObject({ answer: 'hello.' });
});

test('a client that reads no stream gets the answer whole', async () => {
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada', 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'curl',
      method: 'tools/call',
      params: { name: 'ask', arguments: { message: 'count 5', thread: nameThread() } },
    }),
  });
  expect(await response.json()).toMatchObject({
    id: 'curl',
    result: { content: [{ type: 'text', text: toCounted(5) }], isError: false },
  });
});
