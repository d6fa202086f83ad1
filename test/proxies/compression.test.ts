// Proxies that compress all that they can. Caddy 2.6.2 ignores `no-transform`, and holds such a stream back.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { aiSdk, openAi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { start } from '../rig/child.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { runNginx, toNginxConfiguration } from '../rig/nginx.ts';
import { findPort } from '../rig/redis-server.ts';

const cleanUp = createCleanUp(afterAll);
const urls: Record<string, string> = {};
/** The answer goes on when a test says so. */
const goOn = Promise.withResolvers<void>();

beforeAll(async () => {
  const server = createServer({
    agent: async function* () {
      yield 'word '.repeat(10_000);
      await goOn.promise;
      yield 'end';
    },
    store: memoryStore(),
    dialects: [aiSdk(), openAi()],
    page: () => ({
      type: 'whole',
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: 'page '.repeat(1_000),
    }),
  });
  const heddle = await listen(server, { port: 0 });
  cleanUp(() => heddle.close(0));
  const { path: folder, remove } = temporaryFolder();
  cleanUp(remove);
  const [caddyPort, nginxPort] = [await findPort(), await findPort()];
  const { host } = new URL(heddle.url);
  writeFileSync(
    join(folder, 'Caddyfile'),
    `{
      admin off
      auto_https off
    }
    http://127.0.0.1:${caddyPort} {
      encode gzip
      reverse_proxy ${host}
    }`,
  );
  mkdirSync(join(folder, 'home'));
  const caddy = start('caddy', ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')], {
    env: { HOME: join(folder, 'home'), XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  cleanUp(() => caddy.stop());
  const nginx = `server {
    listen 127.0.0.1:${nginxPort};
    gzip on;
    gzip_types *;
    gzip_proxied any;
    gzip_min_length 0;
    location / { proxy_pass ${heddle.url}; proxy_http_version 1.1; }
  }`;
  urls['nginx'] = `http://127.0.0.1:${nginxPort}`;
  cleanUp(await runNginx(toNginxConfiguration(nginx), [`${urls['nginx']}/health`]));
  urls['Caddy'] = `http://127.0.0.1:${caddyPort}`;
  await vi.waitFor(async () => expect((await fetch(`${urls['Caddy']}/health`)).status).toBe(200), {
    timeout: 10_000,
  });
});
afterAll(() => goOn.resolve());

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
    body: JSON.stringify(body),
  });

test.each(['Caddy', 'nginx'])('%s passes streams on as they come, and compresses the rest', async (proxy) => {
  const url = urls[proxy];
  const { session_id: session } = (await (await post(`${url}/session`, {})).json()) as { session_id: string };
  await post(`${url}/message/${session}`, { content: 'hi' });
  const user = { id: 'm', role: 'user', parts: [{ type: 'text', text: 'hi' }] };
  for (const response of [
    await fetch(`${url}/stream/${session}`, { headers: { 'accept-encoding': 'gzip' } }),
    await fetch(`${url}/stream?prompt=hi`, { headers: { 'accept-encoding': 'gzip' } }),
    await post(`${url}/streams`, { sessions: { [session]: null } }),
    await post(`${url}/ai`, { id: proxy, messages: [user] }),
    await post(`${url}/v1/responses`, { model: 'heddle', input: 'hi', stream: true }),
  ]) {
    expect([response.status, response.headers.get('content-encoding')], response.url).toEqual([
      200,
      'identity',
    ]);
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('word word')) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
  }
  const page = await fetch(`${url}/`, { headers: { 'accept-encoding': 'gzip' } });
  expect([page.headers.get('content-encoding'), (await page.text()).length]).toEqual(['gzip', 5_000]);
});
