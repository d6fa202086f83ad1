import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentEvent } from 'heddle';
import { openRemote } from './open-remote.ts';
import type { RemoteFlags } from './open-remote.ts';

function open(url: string, flags: Partial<RemoteFlags> = {}, env: NodeJS.ProcessEnv = {}) {
  const warnings: string[] = [];
  const agent = openRemote(
    { name: url, url },
    { header: [], ...flags },
    { env, warn: (text) => warnings.push(text) },
  );
  return { agent, warnings };
}

test('an agent behind a URL gets the token and the headers', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(200, { 'content-type': 'text/plain' }).end('Hi');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { agent, warnings } = open(
    `http://127.0.0.1:${port}/`,
    { header: ['X-Tenant: blue'] },
    { HEDDLE_AGENT_TOKEN: ' t0ken ' },
  );
  await agent.start?.();
  expect(warnings).toEqual([]);
  const events: AgentEvent[] = [];
  const turn = {
    turn: 't1',
    attempt: 1,
    input: { type: 'message', content: 'Hi' },
    signal: new AbortController().signal,
    history: () => [],
    save: () => {},
  } as const;
  for await (const event of agent.open({ session: 's', owner: 'ada' })(turn)) events.push(event);
  expect(events).toEqual([{ type: 'content', data: 'Hi' }]);
  expect(seen).toMatchObject([{ authorization: 'Bearer t0ken', 'x-tenant': 'blue' }]);
});

test.each(['http://127.0.0.1:1/stream', 'unix:/nowhere/agent.sock'])(
  'a start with nothing at %s warns, and goes on',
  async (url) => {
    const { agent, warnings } = open(url);
    await agent.start?.();
    expect(warnings).toEqual([expect.stringContaining(`nothing answers at ${url} yet (E`)]);
  },
);

test.each([
  ['ftp://a/', {}, 'The URL of an agent begins with http:, https: or unix:.'],
  ['http://a:b@c/', {}, 'The URL of an agent has no credentials; send them in a header.'],
  ['http://a/', { header: ['nonsense'] }, '--header takes name: value, and not "nonsense".'],
  [
    'http://a/',
    { header: ['Authorization: Bearer x'] },
    '--header does not take Authorization; set HEDDLE_AGENT_TOKEN, or write a module.',
  ],
])('%s with %j is refused in one sentence', (url, flags, message) => {
  expect(() => open(url, flags)).toThrow(expect.objectContaining({ name: 'ExitError', message }));
});
