// Agents behind FastAPI, as their teams have them, behind `heddle serve <url>`.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AgentMessage, SessionEvent } from 'heddle';
import { check, createHistory } from 'heddle/testing';
import { start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { heddleServe } from '../rig/heddle-serve.ts';
import { fetchQuietLog, postSession, send } from '../rig/http-client.ts';

/** Starts the example with uvicorn. Without a port it takes one that is free. */
async function startFastapi(
  pause: string,
  port = '0',
): Promise<{ readonly child: Child; readonly port: string }> {
  const args = ['-m', 'uvicorn', 'fastapi_agent:app', '--app-dir', 'examples/python', '--port', port];
  const child = start('/usr/bin/python3', args, { env: { PAUSE: pause, PYTHONDONTWRITEBYTECODE: '1' } });
  const [, bound = ''] = await child.waitFor(/running on http:\/\/127\.0\.0\.1:(\d+)/);
  return { child, port: bound };
}

/** A conversation with a served agent. The history of its requests and logs is checked. */
async function converse(url: string) {
  const session = await postSession(url);
  const history = createHistory();
  let count = 0;
  const events = async (): Promise<readonly SessionEvent[]> =>
    (await fetchQuietLog(() => url, session, 0, 10_000)).entries.map(({ event }) => event);
  return {
    events,
    async send(content: string): Promise<void> {
      count += 1;
      await send({ history, url: () => url, session, key: `k${count}`, content });
    },
    /** Waits for an event. */
    async seen(fits: (event: SessionEvent) => boolean): Promise<void> {
      while (!(await events()).some(fits)) await delay(5);
    },
    /** Waits for the end of the last turn, and returns what its message has become. */
    async answer(): Promise<AgentMessage> {
      const log = await fetchQuietLog(() => url, session, count, 10_000);
      const body = (await (await fetch(`${url}/session/${session}`)).json()) as { messages: AgentMessage[] };
      expect(log.entries.filter(({ event }) => event.type === 'message_end')).toHaveLength(count);
      return body.messages.findLast(({ role }) => role === 'agent') ?? expect.fail('There is no answer.');
    },
    async violations() {
      history.log(await fetchQuietLog(() => url, session, count, 10_000));
      return check(history.toHistory());
    },
  };
}

const textOf = ({ parts }: AgentMessage): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
const callsOf = ({ parts }: AgentMessage) => parts.filter((part) => part.type === 'tool');

describe('the example', () => {
  let agent: Awaited<ReturnType<typeof startFastapi>> | undefined;
  const children: Child[] = [];
  beforeAll(async () => void (agent = await startFastapi('0.002')));
  afterEach(async () => void (await Promise.all(children.splice(0).map((child) => child.stop()))));
  afterAll(() => agent?.child.stop());

  test.each([
    ['/stream', { tool: 'count', input: { text: 'one two' }, status: 'ok', output: null }],
    ['/typed', { tool: 'count', input: { text: 'one two' }, status: 'ok', output: null }],
    ['/events', { tool: 'count', input: { text: 'one two' }, status: 'ok', output: '2' }],
    ['/lines', { tool: 'count', input: { text: 'one two' }, status: 'ok', output: '2' }],
  ])('%s is found out, and answers', async (path, call) => {
    const { url, child } = await heddleServe([`http://127.0.0.1:${agent?.port}${path}`, '--memory']);
    children.push(child);
    const { send, answer, violations } = await converse(url);
    await send('one two');
    const message = await answer();
    expect(message.outcome).toBe('completed');
    expect(textOf(message)).toBe('Let me count. Your words: 2');
    expect(callsOf(message)).toMatchObject([call]);
    expect(await violations()).toEqual([]);
  });

  test('lines have the conversation', async () => {
    const upstream = `http://127.0.0.1:${agent?.port}/lines`;
    const { url, child } = await heddleServe([upstream, '--memory', '--format', 'lines']);
    children.push(child);
    const { send, answer } = await converse(url);
    await send('one two');
    await answer();
    await send('three');
    expect((await answer()).parts[0]).toMatchObject({ text: 'There are 2 messages before this one.' });
  });

  test('a field that the server does not take fails the turn, and only the log has its words', async () => {
    const { url, child } = await heddleServe([`http://127.0.0.1:${agent?.port}/nothing`, '--memory']);
    children.push(child);
    const { send, answer } = await converse(url);
    await send('one');
    expect(await answer()).toMatchObject({
      outcome: 'failed',
      error: { code: 'upstream_refused', message: 'The agent refused the request.' },
    });
    await child.waitFor(/status 404\. \{"detail":"Not Found"\}/);
  });
});

describe('kill -9 of the agent', () => {
  test.each([
    ['in mid-turn', (event: SessionEvent) => event.type === 'content'],
    ['in mid-tool', (event: SessionEvent) => event.type === 'tool_use'],
  ])('%s: the turn fails, what was said stays, and the next turn has it', async (_, fits) => {
    const first = await startFastapi('0.3');
    const { url, child } = await heddleServe([`http://127.0.0.1:${first.port}/lines`, '--memory']);
    const { send, seen, answer, violations } = await converse(url);
    await send('one two');
    await seen(fits);
    await first.child.stop('SIGKILL');
    const broken = await answer();
    expect(broken).toMatchObject({ outcome: 'failed', error: { code: 'upstream_broken' } });
    expect(textOf(broken)).toMatch(/^Let /);

    await send('Are you there?');
    expect(await answer()).toMatchObject({ outcome: 'failed', error: { code: 'upstream_unreachable' } });

    const second = await startFastapi('0.002', first.port);
    await send('one two three');
    const message = await answer();
    expect(textOf(message)).toBe('Let me count. Your words: 3');
    // The turn that said nothing is left out.
    expect(message.parts[0]).toMatchObject({ text: 'There are 2 messages before this one.' });
    expect(await violations()).toEqual([]);
    await child.stop();
    await second.child.stop();
  });
});

test('heddle serve says that nothing answers yet, and serves what comes later', async () => {
  const { child, port } = await startFastapi('0');
  await child.stop();
  const served = await heddleServe([`http://127.0.0.1:${port}/stream`, '--memory']);
  expect(served.child.output()).toContain(
    `nothing answers at http://127.0.0.1:${port}/stream yet (ECONNREFUSED)`,
  );
  const later = await startFastapi('0', port);
  const { send, answer } = await converse(served.url);
  await send('one');
  expect(await answer()).toMatchObject({ outcome: 'completed' });
  await served.child.stop();
  await later.child.stop();
});
