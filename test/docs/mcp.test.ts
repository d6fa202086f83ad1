// Runs the code blocks of docs/mcp.md as they are, on another port, and starts what its settings of hosts
// say.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { askMcp, connectMcp } from '../rig/dialects/mcp-client.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const page = readFileSync(join(root, 'docs/mcp.md'), 'utf8');
const blocks = new Map(
  [...page.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(([, name = '', text = '']) => [name, text]),
);

interface HostSettings {
  readonly type?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

/** The settings of hosts, in the order of the page. */
const settings: readonly HostSettings[] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => {
  const { servers, mcpServers } = Object(JSON.parse(text));
  return Object(servers ?? mcpServers).weavers;
});

// The folder is inside the package, so that names of packages resolve.
const folder = temporaryFolder(join(root, 'test'));
let server: Child;
let url = '';
beforeAll(async () => {
  write('server.ts', '{ port: 8000 }', '{ port: 0 }');
  server = run(['server.ts'], { cwd: folder.path });
  [, url = ''] = await server.waitFor(/serving on (\S+)/);
});
const clients: Client[] = [];
afterAll(async () => {
  for (const client of clients) await client.close();
  await server.stop();
  folder.remove();
});

function write(name: string, from = 'http://127.0.0.1:8000', to = url): void {
  const text = blocks.get(name) ?? '';
  expect(text, name).toContain(from);
  writeFileSync(join(folder.path, name), text.replaceAll(from, to));
}

test('the program of the page asks the server of the page', async () => {
  write('host.ts');
  const child = run(['host.ts'], { cwd: folder.path });
  await new Promise((resolve) => child.process.on('close', resolve));
  expect(child.output()).toContain("answer: 'You asked: What is a heddle?'");
  expect(child.output()).toContain("thread: 'weaving'");
});

test('a host over HTTP connects with the settings of the page', async () => {
  const { type, headers = {}, url: endpoint } = settings[0] ?? ({} as HostSettings);
  expect(type).toBe('http');
  const at = new URL(endpoint.replace('http://127.0.0.1:8000', url));
  const client = await connectMcp(new StreamableHTTPClientTransport(at, { requestInit: { headers } }));
  clients.push(client);
  expect(await askMcp(client, 'hi')).toMatchObject({ answer: 'You asked: hi' });
});

test.each([1, 2])(
  'a host that starts a command does so with the settings of the page (%d)',
  async (index) => {
    const { command, args: given, env = {} } = settings[index] ?? ({} as HostSettings);
    const [program, ...args] = given;
    expect([command, program]).toEqual(['npx', 'heddle']);
    const file = join(folder.path, 'agent.mjs');
    writeFileSync(
      file,
      'export default async function* ({ input }) { yield `You asked: ${input.content}`; }',
    );
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [
        'dist/cli/heddle.js',
        ...args.map((arg) => (arg.endsWith('agent.mjs') ? file : arg.replace('http://127.0.0.1:8000', url))),
      ],
      cwd: root,
      env,
      stderr: 'ignore',
    });
    const client = await connectMcp(transport);
    clients.push(client);
    // The server of the page knows callers by another header than that of keys.
    if (index === 1) expect(await askMcp(client, 'hi')).toMatchObject({ answer: 'You asked: hi' });
  },
);
