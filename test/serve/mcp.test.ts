// `heddle mcp` as hosts start it: the official client over the standard input and output.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { defineAgent, toText } from 'heddle';
import { mcp } from 'heddle/dialects';
import type { CheckedServer } from 'heddle/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWith } from '../rig/checked-server.ts';
import { root, start } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { askMcp, connectMcp } from '../rig/dialects/mcp-client.ts';
import type { McpClientOptions, McpEra } from '../rig/dialects/mcp-client.ts';

const folder = temporaryFolder();
const file = join(folder.path, 'agent.mjs');
let server: CheckedServer;
beforeAll(async () => {
  writeFileSync(
    file,
    `console.log('an agent that prints');
     export default async function* ({ input, turn, signal }) {
       console.log('in a turn, too');
       if (input.type !== 'message') return yield JSON.stringify(input.answers.map(({ decision }) => decision));
       if (input.content === 'ask') return yield { type: 'approval_request', approval: turn, reason: 'May I?' };
       yield 'You said: ' + input.content;
       while (input.content === 'hang' && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
     }`,
  );
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        yield `The server heard: ${toText(input.content)}`;
      },
  });
  server = await startWith(mcp())(agent);
});
afterAll(async () => {
  folder.remove();
  await server.close();
});

const clients: Client[] = [];
/** Lines that are no messages, and messages that the client does not understand. */
const wrong: string[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  expect(wrong.splice(0)).toEqual([]);
});

const heddle = ['dist/cli/heddle.js', 'mcp'];

async function open(
  args: readonly string[],
  { env = {}, ...options }: McpClientOptions & { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...heddle, ...args],
    cwd: root,
    env,
    stderr: 'ignore',
  });
  const client = await connectMcp(transport, options);
  // The client takes a response before the progress in front of it if both come at once.
  client.onerror = ({ message }) => message.includes('for an unknown token') || wrong.push(message);
  clients.push(client);
  return client;
}

test.each<McpEra>(['legacy', 'modern'])(
  'a host that starts a process asks, and is asked (%s)',
  async (era) => {
    const client = await open([file], {
      era,
      onForm: () => ({ action: 'accept', content: { approve: true } }),
    });
    expect(client.getServerVersion()?.name).toBe('heddle');
    const seen: number[] = [];
    const first = await askMcp(client, 'hi', { onprogress: ({ progress }) => void seen.push(progress) });
    expect(first).toMatchObject({ answer: 'You said: hi' });
    expect(seen).not.toEqual([]);
    expect(await askMcp(client, 'more', { thread: first.thread })).toMatchObject({
      answer: 'You said: more',
    });
    expect(await askMcp(client, 'ask')).toMatchObject({ answer: '[true]' });
    const gone = new AbortController();
    const hung = askMcp(client, 'hang', {
      thread: 'hung',
      signal: gone.signal,
      onprogress: () => gone.abort(),
    });
    await expect(hung).rejects.toThrow();
    // It waits for the turn that was stopped.
    expect(await askMcp(client, 'after', { thread: 'hung' })).toMatchObject({ answer: 'You said: after' });
  },
);

test('conversations are kept where the host says', async () => {
  const args = [file, '--data', join(folder.path, 'data')];
  const first = await open(args);
  await askMcp(first, 'hi', { thread: 'kept' });
  await clients.pop()?.close();
  const waiting = await open(args, { onForm: () => ({ action: 'decline' }) });
  expect(await askMcp(waiting, 'ask', { thread: 'kept' })).toMatchObject({ answer: '[false]' });
});

test('a bridge to a running server brings its token', async () => {
  const client = await open(['--server', server.url], { era: 'modern', env: { HEDDLE_TOKEN: 'ada' } });
  expect(await askMcp(client, 'hi')).toMatchObject({ answer: 'The server heard: hi' });
});

test('a command after -- is the agent', async () => {
  const program = `
    const say = (line) => console.log(JSON.stringify(line));
    say({ type: 'ready', version: 1, turns: 1 });
    require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
      const { type, turn, prompt } = JSON.parse(text);
      if (type !== 'start') return;
      say({ type: 'content', turn, data: 'The program heard: ' + prompt });
      say({ type: 'end', turn });
    });`;
  const client = await open(['--', process.execPath, '-e', program]);
  expect(await askMcp(client, 'hi')).toMatchObject({ answer: 'The program heard: hi' });
});

test('it ends with its input, and with a signal, and answers what it was asked before', async () => {
  const list = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}\n`;
  const piped = start(process.execPath, [...heddle, file]);
  piped.process.stdin?.end(list);
  await once(piped.process, 'close');
  expect(piped.process.exitCode).toBe(0);
  expect(piped.output()).toContain('"name":"ask"');
  const stopped = start(process.execPath, [...heddle, file]);
  await stopped.waitFor(/answers for/);
  stopped.process.kill('SIGTERM');
  await once(stopped.process, 'close');
  expect(stopped.process.exitCode).toBe(0);
});

test('it names the problem, on the standard error only', async () => {
  const both = start(process.execPath, [...heddle, file, '--server', server.url]);
  await once(both.process, 'close');
  expect(both.process.exitCode).toBe(1);
  expect(both.output()).toBe(
    `heddle: There are two: the agent ${file}, and the server ${server.url}. Name one.\n`,
  );
});
