// `heddle serve --metrics` as it is shipped, read over HTTP as Prometheus does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startRedis } from '../rig/redis-server.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { root, run, start } from '../rig/child.ts';
import { createSession, post, serveMeasured } from './metrics.fixture.ts';
import type { Measured } from './metrics.fixture.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');

const cleanUp = createCleanUp();

async function serve(...args: readonly string[]): Promise<Measured> {
  const served = await serveMeasured(args);
  cleanUp(() => served.child.stop());
  return served;
}

/** Creates an agent that says a word, and then nothing until it is cancelled. */
function hangingAgent(): string {
  const folder = temporaryFolder();
  cleanUp(folder.remove);
  const file = join(folder.path, 'agent.mjs');
  const text = `export default async function* ({ signal }) {
    yield 'Hm';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }`;
  writeFileSync(file, text);
  return file;
}

/** Waits until figures have these values. */
async function expectFigures(
  node: Measured,
  figures: Readonly<Record<string, number>>,
  timeout = 10_000,
): Promise<void> {
  await vi.waitFor(
    async () => {
      const told = await node.scrape();
      const asked = Object.keys(figures).map((name) => [name, told.get(name)]);
      expect(Object.fromEntries(asked)).toEqual(figures);
    },
    { timeout, interval: 50 },
  );
}

/** Opens a stream. */
async function openStream(url: string, session: string) {
  const abort = new AbortController();
  const { body } = await fetch(`${url}/stream/${session}`, { signal: abort.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    /** Resolves when the stream has sent these words. */
    async hear(words: string): Promise<void> {
      for (let heard = ''; !heard.includes(words);) {
        const next = await reader?.read();
        if (next === undefined || next.done) throw new Error(`The stream ended before it said ${words}.`);
        heard += next.value;
      }
    },
    close: () => abort.abort(),
  };
}

test('a stream and two turns are counted while they are open, and the gauges return to zero', async () => {
  const node = await serve(hangingAgent(), '--memory', '--log', 'json');
  const nothing = {
    'heddle_streams_open{dialect="typed"}': 0,
    heddle_channels_open: 0,
    heddle_sessions_at_work: 0,
  };
  await expectFigures(node, {
    ...nothing,
    'heddle_turns_total{outcome="cancelled"}': 0,
    'heddle_refusals_total{code="not_found"}': 0,
    heddle_append_seconds_count: 0,
  });

  const session = await createSession(node.url);
  const stream = await openStream(node.url, session);
  expect(await post(node.url, session, 'hello')).toBe(202);
  await expectFigures(node, {
    'heddle_streams_open{dialect="typed"}': 1,
    heddle_channels_open: 1,
    heddle_sessions_at_work: 1,
    heddle_messages_total: 1,
    'heddle_turns_total{outcome="cancelled"}': 0,
  });
  expect(await post(node.url, 'x'.repeat(22), 'hello')).toBe(404);
  const cancel = (): Promise<Response> => fetch(`${node.url}/cancel/${session}`, { method: 'POST' });
  expect((await cancel()).status).toBeLessThan(300);
  await expectFigures(node, { 'heddle_turns_total{outcome="cancelled"}': 1, heddle_sessions_at_work: 0 });
  stream.close();
  await expectFigures(node, {
    ...nothing,
    heddle_messages_total: 1,
    'heddle_turns_total{outcome="completed"}': 0,
    heddle_turns_taken_over_total: 0,
    'heddle_refusals_total{code="not_found"}': 1,
    'heddle_requests_total{route="/session",status="201"}': 1,
    'heddle_requests_total{route="/stream/:session",status="200"}': 1,
    'heddle_requests_total{route="/message/:session",status="202"}': 1,
    'heddle_requests_total{route="/message/:session",status="404"}': 1,
  });

  const page: unknown = await (await fetch(`${node.url}/events/${session}`)).json();
  const entries: unknown = Reflect.get(Object(page), 'entries');
  const told = await node.scrape();
  expect(told.get('heddle_entries_appended_total')).toBe(Array.isArray(entries) && entries.length);
  expect(told.get('heddle_append_seconds_count')).toBeGreaterThan(3);
  expect(told.get('heddle_sent_bytes_total')).toBeGreaterThan(JSON.stringify(entries).length);
  expect(told.get('nodejs_eventloop_lag_seconds')).toBeDefined();

  // No label has a value that a caller can choose, or the id of a session.
  const text = [...told.keys()].join('\n');
  for (const name of [session, 'xxxxx', 'anonymous', '127.0.0.1']) expect(text).not.toContain(name);
  // Twin: the request log has both.
  await node.child.waitFor(new RegExp(`"session":"${session}"`));
  await node.child.waitFor(/"owner":"anonymous"/);

  // The metrics of a node that shuts down can be read to its end.
  expect(await post(node.url, session, 'hello')).toBe(202);
  await expectFigures(node, { heddle_sessions_at_work: 1 });
  node.child.process.kill('SIGTERM');
  await node.child.waitFor(/waiting for one turn to end/);
  await expectFigures(node, { heddle_sessions_at_work: 1 });
}, 30_000);

test('metrics have a listener of their own, which serves nothing else', async () => {
  const node = await serve('examples/echo-agent.ts', '--memory');
  const text = await (await fetch(`${node.url}/metrics`)).text();
  expect(text).not.toContain('heddle_streams_open');
  const other = (path: string, method = 'GET'): Promise<Response> =>
    fetch(new URL(path, node.metrics), { method });
  expect((await other('/metrics')).status).toBe(200);
  expect((await other('/health')).status).toBe(404);
  expect((await other('/session', 'POST')).status).toBe(404);
  expect((await other('/metrics', 'POST')).status).toBe(404);
  expect(new URL(node.metrics).hostname).toBe('127.0.0.1');
});

test('an invalid address, or one that is in use, is reported in a sentence', async () => {
  const node = await serve('examples/echo-agent.ts', '--memory');
  const { port } = new URL(node.metrics);
  const refused = (address: string): ReturnType<typeof start> =>
    start(process.execPath, ['dist/cli/heddle.js', 'serve', '--port', '0', '--memory', '--metrics', address]);
  const taken = refused(`127.0.0.1:${port}`);
  await taken.waitFor(/Port \d+ is in use on 127.0.0.1; choose another with --metrics/);
  await vi.waitFor(() => expect(taken.process.exitCode).toBe(1));
  const none = refused('localhost:http');
  await none.waitFor(/A port is a whole number/);
  await vi.waitFor(() => expect(none.process.exitCode).toBe(1));
});

test('of two nodes over Redis, the one that takes over a turn counts it, and both report the state of Redis', async () => {
  const redis = await startRedis();
  cleanUp(() => redis.stop());
  const agent = hangingAgent();
  const [one, other] = await Promise.all([
    serve(agent, '--redis', redis.url),
    serve(agent, '--redis', redis.url),
  ]);
  const session = await createSession(one.url);
  const stream = await openStream(other.url, session);
  expect(await post(one.url, session, 'hello')).toBe(202);
  // Only a turn that has begun can be taken over.
  await stream.hear('Hm');
  await expectFigures(one, { heddle_sessions_at_work: 1, heddle_turns_taken_over_total: 0 });
  await expectFigures(other, { heddle_sessions_at_work: 0, heddle_redis_up: 1 });
  // Redis keeps no hints for a node that does not listen yet. Each waiting message causes another hint.
  const heard = await vi.waitFor(async () => {
    expect(await post(one.url, session, 'hello again')).toBe(202);
    const figures = await other.scrape();
    expect(figures.get('heddle_redis_hints_total')).toBeGreaterThan(0);
    return figures;
  });
  expect(heard.get('heddle_redis_commands_total{command="read"}')).toBeGreaterThan(0);
  expect(heard.get('heddle_redis_reconnections_total')).toBe(0);
  expect([...heard.keys()].join('\n')).not.toContain(session);

  // The page lists exactly the metrics that exist.
  const told = await (await fetch(one.metrics)).text();
  const names = [...told.matchAll(/^# TYPE (heddle_\w+)/gm)].map(([, name]) => name);
  const listed = [...page.matchAll(/^\| `(heddle_\w+)/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(names.toSorted());

  await one.child.stop();
  // The lease is 10 s.
  await expectFigures(other, { heddle_turns_taken_over_total: 1, heddle_sessions_at_work: 1 }, 20_000);

  await redis.kill();
  await expectFigures(other, { heddle_redis_up: 0 });
  await redis.restart();
  await expectFigures(other, { heddle_redis_up: 1, heddle_redis_reconnections_total: 2 });
}, 60_000);

test('the example for custom servers reports the same metrics', async () => {
  const redis = await startRedis();
  cleanUp(() => redis.stop());
  const folder = temporaryFolder(join(root, 'test'));
  cleanUp(folder.remove);
  const [, example = ''] = /```ts\n(\/\/ metrics\.ts.*?)```/s.exec(page) ?? [];
  writeFileSync(join(folder.path, 'metrics.ts'), example);
  const main = `
    import { fromNodeRedis, redisStore } from 'heddle/redis';
    import { createServer } from 'heddle/server';
    import { createClient } from 'redis';
    import { serveMetrics } from './metrics.ts';
    const store = await redisStore(fromNodeRedis(createClient({ url: '${redis.url}' })), { onWarning() {} });
    // It says nothing, so that its stream stays open.
    const open = () => async function* () { await new Promise(() => {}); };
    const server = createServer({ store, agent: { open } });
    const { body } = await server.fetch(new Request('http://localhost/stream?prompt=hello'));
    await body.getReader().read();
    const { http } = serveMetrics(server, store, 0);
    http.once('listening', () => console.log('on', http.address().port));
  `;
  const file = join(folder.path, 'main.ts');
  writeFileSync(file, main);
  const child = run([file]);
  cleanUp(() => child.stop());
  const [, port] = await child.waitFor(/on (\d+)/);
  const text = await (await fetch(`http://127.0.0.1:${port}`)).text();
  expect(text).toContain('heddle_streams_open{dialect="named"}');
  expect(text).toContain('heddle_redis_found_late_total 0');
});
