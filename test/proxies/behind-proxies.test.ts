// Pages in real browsers behind common kinds of proxies.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer as createVite } from 'vite';
import { beforeEach, describe, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { ServerOptions } from 'heddle/server';
import { findPort } from '../rig/redis-server.ts';
import { runNginx } from '../rig/nginx.ts';
import { startNginx } from './behind-nginx.fixture.ts';
import { usePages } from '../rig/browser.ts';
import { root } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

const told: string[] = [];
beforeEach(() => void told.splice(0));

/** Starts a server on this machine. */
async function serve(options: Partial<ServerOptions> = {}): Promise<string> {
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'hello';
      },
  });
  const server = createServer({
    agent,
    store: memoryStore(),
    onWarning: (sentence) => told.push(sentence),
    ...options,
  });
  const listening = await listen(server, { port: 0 });
  cleanUp(() => listening.close(0));
  return listening.url;
}

/**
 * Acts as a page below a URL: it creates a session, follows a prompt with an EventSource, and follows the
 * session with a ticket.
 */
const use = `async (base) => {
  const post = (path) => fetch(base + path, { method: 'POST' });
  const listen = (url, name) =>
    new Promise((resolve) => {
      const source = new EventSource(url);
      const done = (heard) => { source.close(); resolve(heard); };
      source.addEventListener(name, () => done('heard'));
      source.onerror = () => done('refused');
    });
  const made = await post('session');
  if (made.status !== 201) return [made.status, (await made.json()).detail];
  const { session_id: session } = await made.json();
  const bought = await post('ticket/' + session);
  const { url } = await bought.json();
  return [
    made.status,
    await listen(base + 'stream?prompt=hi', 'end'),
    await listen(new URL(url, bought.url), 'message'),
  ];
}`;

describe('in a browser', () => {
  const { newPage } = usePages('chromium', ['--host-resolver-rules=MAP *.test 127.0.0.1']);

  async function useFrom(at: string, base = `${new URL(at).origin}/`): Promise<unknown> {
    const page = await newPage();
    await page.goto(at);
    return page.evaluate(`(${use})(${JSON.stringify(base)})`);
  }

  const works = [201, 'heard', 'heard'];

  test('a page works behind nginx, whatever nginx sends as Host and its port', async () => {
    const heddle = await serve();
    const pass = `proxy_pass ${heddle};`;
    const nginx = await startNginx({
      changed: { lines: pass },
      kept: { lines: `${pass} proxy_set_header Host $http_host;` },
      'without its port': { lines: `${pass} proxy_set_header Host $host;` },
      'with a port': { lines: `${pass} proxy_set_header Host $host:$server_port;` },
      'with the port of the server': { lines: `${pass} proxy_set_header Host $host:$proxy_port;` },
    });
    cleanUp(() => nginx.stop());
    for (const [name, url] of Object.entries(nginx.urls))
      expect(await useFrom(`${url}/health`), name).toEqual(works);
  });

  test('behind a proxy that removes a path, tickets and links lead to where they were created', async () => {
    const heddle = await serve();
    const nginx = await startNginx({ stripped: { path: '/agent/', lines: `proxy_pass ${heddle}/;` } });
    cleanUp(() => nginx.stop());
    const base = `${nginx.urls['stripped']}/agent/`;
    expect(await useFrom(`${base}health`, base)).toEqual(works);
    const { session_id: session } = (await (await fetch(`${base}session`, { method: 'POST' })).json()) as {
      session_id: string;
    };
    const bought = await fetch(`${base}link/${session}`, { method: 'POST' });
    const { url } = (await bought.json()) as { url: string };
    const link = new URL(url, bought.url);
    expect(link.pathname).toBe(`/agent/stream/${session}`);
    link.pathname = link.pathname.replace('stream', 'session');
    expect((await fetch(link)).status).toBe(200);
  });

  test('a page under a host name that is not allowed is refused, and the error names the option', async () => {
    const heddle = await serve();
    const nginx = await startNginx({ changed: { lines: `proxy_pass ${heddle};` } });
    cleanUp(() => nginx.stop());
    const { port } = new URL(nginx.urls['changed'] ?? '');
    const [status, detail] = (await useFrom(`http://chat.test:${port}/health`)) as [number, string];
    expect(status).toBe(403);
    for (const word of [
      `http://chat.test:${port}`,
      'proxy_set_header Host $http_host',
      `--allow-origin http://chat.test:${port}`,
    ])
      expect(detail).toContain(word);
    expect(told).toEqual([detail]);
  });

  test('the twin: with Host passed on and the name allowed, it works', async () => {
    const heddle = await serve({ hosts: ['chat.test'] });
    const nginx = await startNginx({
      kept: { lines: `proxy_pass ${heddle}; proxy_set_header Host $http_host;` },
    });
    cleanUp(() => nginx.stop());
    const { port } = new URL(nginx.urls['kept'] ?? '');
    expect(await useFrom(`http://chat.test:${port}/health`)).toEqual(works);
  });

  test('a page works behind the example configuration of nginx', async () => {
    const heddle = new URL(await serve());
    const port = await findPort();
    const shipped = readFileSync(join(root, 'deploy/nginx-two-nodes.conf'), 'utf8');
    const stop = await runNginx(
      shipped
        .replace(/127\.0\.0\.1:800[12]/g, heddle.host)
        .replace('listen 127.0.0.1:8000', `listen 127.0.0.1:${port}`),
      [`http://127.0.0.1:${port}/health`],
    );
    cleanUp(stop);
    expect(await useFrom(`http://127.0.0.1:${port}/health`)).toEqual(works);
  });

  const rewrite = (path: string): string => path.replace(/^\/api/, '');
  test.each([
    ['has only the address', '/api', (url: string) => url, (origin: string) => ({ origins: [origin] })],
    ['removes the path', '', (target: string) => ({ target, rewrite }), () => ({ hosts: ['chat.test'] })],
  ])('a page works behind a dev server whose proxy %s', async (_, basePath, toProxy, toOptions) => {
    const port = await findPort();
    const byName = `http://chat.test:${port}/`;
    const heddle = await serve({ basePath, ...toOptions(new URL(byName).origin) });
    const { path, remove } = temporaryFolder();
    cleanUp(remove);
    mkdirSync(join(path, 'app'));
    writeFileSync(join(path, 'app', 'index.html'), '<!doctype html><title>app</title>');
    const vite = await createVite({
      root: join(path, 'app'),
      configFile: false,
      logLevel: 'silent',
      server: {
        port,
        strictPort: true,
        host: '127.0.0.1',
        allowedHosts: ['chat.test'],
        proxy: { '/api': toProxy(heddle) },
      },
    });
    await vite.listen();
    cleanUp(() => vite.close());
    // Over plain http, a browser sends Sec-Fetch-Site only to this machine.
    for (const url of [`http://127.0.0.1:${port}/`, byName])
      expect(await useFrom(url, `${url}api/`)).toEqual(works);
  });
});
