// Runs the code blocks of docs/mcp.md as they are, on another port, and starts what its settings of hosts
// say.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, expect, test } from 'vitest';
import { root } from '../rig/child.ts';
import { askMcp, connectMcp } from '../rig/dialects/mcp-client.ts';
import { useDocsPage } from '../rig/docs-page.ts';

const page = useDocsPage('docs/mcp.md');
const clients: Client[] = [];
afterAll(async () => {
  for (const client of clients) await client.close();
});

interface HostSettings {
  readonly type?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

/** The settings of hosts, in the order of the page. */
const settings: readonly HostSettings[] = [...page.text.matchAll(/```json\n(.*?)```/gs)].map(
  ([, text = '']) => {
    const { servers, mcpServers } = Object(JSON.parse(text));
    return Object(servers ?? mcpServers).weavers;
  },
);

test('the program of the page asks the server of the page', async () => {
  const output = await page.outputOf('host.ts');
  expect(output).toContain("answer: 'You asked: What is a heddle?'");
  expect(output).toContain("thread: 'weaving'");
});

test('a host over HTTP connects with the settings of the page', async () => {
  const { type, headers = {}, url: endpoint } = settings[0] ?? ({} as HostSettings);
  expect(type).toBe('http');
  const at = new URL(endpoint.replace('http://127.0.0.1:8000', page.url));
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
    const file = join(page.folder, 'agent.mjs');
    writeFileSync(
      file,
      'export default async function* ({ input }) { yield `You asked: ${input.content}`; }',
    );
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [
        'dist/cli/heddle.js',
        ...args.map((arg) =>
          arg.endsWith('agent.mjs') ? file : arg.replace('http://127.0.0.1:8000', page.url),
        ),
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
