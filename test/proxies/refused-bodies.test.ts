// A request that is refused while its body arrives, from clients that first send all, and through proxies.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { start } from '../rig/child.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { findPort } from '../rig/redis-server.ts';

const execute = promisify(execFile);
const cleanUp = createCleanUp(afterAll);
/** The URL of Heddle, and of each proxy before it. */
const urls: Record<string, string> = {};

beforeAll(async () => {
  const agent = defineAgent({ open: () => async function* () {} });
  const server = createServer({ agent, store: memoryStore(), onWarning: () => {} });
  const listening = await listen(server, { port: 0 });
  cleanUp(() => listening.close(0));
  const { path: folder, remove } = temporaryFolder();
  cleanUp(remove);
  const [haproxy, apache] = [await findPort(), await findPort()];
  writeFileSync(
    join(folder, 'haproxy.cfg'),
    `defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend heddle
  bind 127.0.0.1:${haproxy}
  default_backend heddle
backend heddle
  server one ${new URL(listening.url).host}
`,
  );
  const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http'].map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  writeFileSync(
    join(folder, 'apache.conf'),
    `ServerRoot ${folder}
ServerName localhost
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/apache.log
${modules.join('\n')}
User nobody
Group nogroup
Listen 127.0.0.1:${apache}
ProxyPreserveHost On
ProxyPass / ${listening.url}/
`,
  );
  const proxies = [
    start('/usr/sbin/haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')]),
    start('/usr/sbin/apache2', ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')]),
  ];
  cleanUp(...proxies.map((proxy) => () => proxy.stop()));
  Object.assign(urls, {
    'no proxy': listening.url,
    HAProxy: `http://127.0.0.1:${haproxy}`,
    Apache: `http://127.0.0.1:${apache}`,
  });
  for (const url of Object.values(urls))
    await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), {
      timeout: 10_000,
    });
});

/** Each sends bodies one after the other, all of a body at first, and prints a line of each response. */
const python = `
import http.client, json, sys
host, port, sent = sys.argv[1:]
for path, size, headers in json.loads(sent):
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    connection.request("POST", path, b"x" * int(size), headers)
    response = connection.getresponse()
    print(response.status, response.read().decode())
`;
const node = `
const [host, port, sent] = process.argv.slice(1);
for (const [path, size, headers] of JSON.parse(sent)) {
  const response = await fetch('http://' + host + ':' + port + path, { method: 'POST', headers, body: 'x'.repeat(size) });
  console.log(response.status, await response.text());
}
`;
const clients: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  Python: ['python3', '-c', python],
  Node: [process.execPath, '--input-type=module', '-e', node],
};

const mebibyte = 1024 * 1024;
const json = { 'content-type': 'application/json' };
// The buffers of loopback take a few MiB, so that most of these are larger.
const sent = [
  ['/session', 2 * mebibyte, json],
  ['/session', 4.5 * mebibyte, json],
  ['/session', 4 * mebibyte, { ...json, origin: 'https://evil.example' }],
  ['/nowhere', 4 * mebibyte, json],
];
const cases = ['no proxy', 'HAProxy', 'Apache'].flatMap((proxy) =>
  Object.keys(clients).map((client) => [client, proxy] as const),
);

test.each(cases)('%s reads each refusal through %s', async (client, proxy) => {
  const [command = '', ...args] = clients[client] ?? [];
  const { hostname, port } = new URL(urls[proxy] ?? '');
  const { stdout } = await execute(command, [...args, hostname, port, JSON.stringify(sent)]);
  const refusals = stdout.split('\n').map((line) => /^(\d+) .*"code":"(\w+)"/.exec(line)?.slice(1).join(' '));
  expect(refusals.slice(0, -1)).toEqual([
    '413 too_large',
    '413 too_large',
    '403 forbidden_origin',
    '404 not_found',
  ]);
});
