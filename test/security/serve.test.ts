// The logs and limits of `heddle serve`, and the admin's commands.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startRedis } from '../rig/redis-server.ts';
import { start } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Starts a server with keys for ada, eve and an admin. */
async function serve(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Served> {
  const folder = temporaryFolder();
  cleanUp(folder.remove);
  const keys = join(folder.path, 'keys.json');
  const digests = { ada: sha256('ada-key'), 'eve\u001b[31m': sha256('eve-key') };
  writeFileSync(keys, JSON.stringify({ ...digests, ops: { sha256: sha256('ops-key'), admin: true } }));
  const store = args.includes('--redis') ? [] : ['--memory'];
  const served = await heddleServe([...store, '--api-keys', keys, ...args], env);
  cleanUp(() => served.child.stop());
  return served;
}

async function heddle(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; output: string }> {
  const child = start(process.execPath, ['dist/cli/heddle.js', ...args], { env });
  const code = await new Promise<number | null>((resolve) => child.process.on('close', resolve));
  return { code, output: child.output() };
}

const post = (key: string, body: unknown = {}) => ({
  method: 'POST',
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function create(url: string, key: string): Promise<string> {
  const body: unknown = await (await fetch(`${url}/session`, post(key))).json();
  return (body as { session_id: string }).session_id;
}

test('an admin lists running sessions, and stops them', async () => {
  const { url } = await serve([], { HEDDLE_GUIDE_PACE_MS: '1000' });
  const [adas, eves] = [await create(url, 'ada-key'), await create(url, 'eve-key')];
  await fetch(`${url}/message/${adas}`, post('ada-key', { content: 'hello' }));
  await fetch(`${url}/message/${eves}`, post('eve-key', { content: 'hello' }));
  const env = { HEDDLE_URL: url, HEDDLE_TOKEN: 'ops-key' };

  const listed = await heddle(['sessions'], env);
  expect(listed.code).toBe(0);
  expect(listed.output).toContain(`${adas}\tada\trunning\t0 queued`);
  // A name with colour codes does not colour the terminal.
  expect(listed.output).toContain(`${eves}\teve\\u{1b}[31m`);
  expect(listed.output).not.toContain('\u001b');

  expect(await heddle(['sessions'], { ...env, HEDDLE_TOKEN: 'ada-key' })).toEqual({
    code: 1,
    output: `heddle: ${url} does not take you for an admin.\n`,
  });
  expect((await heddle(['kill'], env)).output).toContain('Say what to stop');
  expect(await heddle(['kill', '--owner', 'ada'], env)).toEqual({ code: 0, output: 'one session stopped\n' });
  await vi.waitFor(async () => {
    const state = await (
      await fetch(`${url}/events/${adas}`, { headers: { authorization: 'Bearer ada-key' } })
    ).text();
    expect(state).toContain('"outcome":"cancelled"');
  });
  expect(await heddle(['kill', '--all'], env)).toEqual({ code: 0, output: 'one session stopped\n' });
  expect(await heddle(['kill', '--all', '--url', 'http://127.0.0.1:1'], {})).toMatchObject({ code: 1 });
}, 60_000);

test('an admin blocks an owner on all nodes, also after a restart and while Redis is down', async () => {
  const redis = await startRedis();
  cleanUp(() => redis.stop());
  const serveNode = () => serve(['--redis', redis.url]);
  const [one, other] = [await serveNode(), await serveNode()];
  const env = { HEDDLE_URL: one.url, HEDDLE_TOKEN: 'ops-key' };
  const enter = async ({ url }: Served, key: string): Promise<number> =>
    (await fetch(`${url}/sessions`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect([await enter(one, 'ada-key'), await enter(other, 'ada-key')]).toEqual([200, 200]);
  expect(await heddle(['kill', '--owner', 'ada', '--for', '1h'], env)).toEqual({
    code: 0,
    output: '0 sessions stopped\nthey are kept out for 1h\n',
  });
  expect([await enter(one, 'ada-key'), await enter(one, 'eve-key')]).toEqual([401, 200]);
  const isOut = (node: Served) => vi.waitFor(async () => expect(await enter(node, 'ada-key')).toBe(401));
  await isOut(other);
  expect(await enter(await serveNode(), 'ada-key')).toBe(401);

  expect((await heddle(['kill', '--owner', 'ada', '--for', '0s'], env)).output).toContain(
    'may come in again',
  );
  await vi.waitFor(async () => expect(await enter(other, 'ada-key')).toBe(200));
  await heddle(['kill', '--owner', 'ada', '--for', '7d'], env);
  await isOut(other);
  await redis.kill();
  expect([await enter(one, 'ada-key'), await enter(other, 'ada-key')]).toEqual([401, 401]);

  for (const wrong of [
    ['--owner', 'ada', '--for', 'ever'],
    ['--all', '--for', '1h'],
    ['x', '--for', '1h'],
  ])
    expect(await heddle(['kill', ...wrong], env)).toMatchObject({
      code: 1,
      output: expect.stringContaining('--for'),
    });
}, 60_000);

test('limits are set on the command line, and an invalid limit is reported', async () => {
  const limits = 'sessions=2/minute,requests=50/minute@address';
  const { url } = await serve(['--limit', limits, '--trust-proxy', '1']);
  const statuses = [];
  for (let count = 0; count < 4; count += 1)
    statuses.push((await fetch(`${url}/session`, post('ada-key'))).status);
  expect(statuses).toEqual([201, 201, 429, 429]);
  const from = async (forwarded: string): Promise<number> =>
    (
      await fetch(`${url}/sessions`, {
        headers: { authorization: 'Bearer eve-key', 'x-forwarded-for': forwarded },
      })
    ).status;
  for (let count = 0; count < 50; count += 1) await from('192.0.2.1');
  expect(await from('192.0.2.1')).toBe(429);
  // A caller's own entries before the proxy's entry do not count.
  expect(await from('192.0.2.99, 192.0.2.1')).toBe(429);
  expect(await from('192.0.2.2')).toBe(200);
  const wrong = await heddle(['serve', '--memory', '--port', '0', '--limit', 'messages=many'], {});
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('--limit messages=many is none') });
}, 60_000);

test.each(['json', 'text'])(
  'the %s log has no prompt, key, ticket or URL, and no prompt forges a line',
  async (form) => {
    const { url, child } = await serve(['--log', form], { HEDDLE_GUIDE_PACE_MS: '0' });
    const canary = 'CANARY';
    const forged = `${canary}\n{"level":30,"msg":"${canary}"}\r\nheddle: ${canary}`;
    const session = await create(url, 'ada-key');
    const ask = async (path: string, init: RequestInit = post('ada-key')): Promise<void> => {
      const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(3_000) });
      await response.text().catch(() => {});
    };
    const get = (headers: Record<string, string> = {}): RequestInit => ({
      headers: { authorization: 'Bearer ada-key', ...headers },
    });
    await ask(`/message/${session}`, post('ada-key', { content: forged, author: canary }));
    await ask(`/stream?prompt=${encodeURIComponent(forged)}`, get());
    await ask(`/stream`, post('ada-key', { prompt: forged }));
    await ask(`/session/${session}`, get({ authorization: `Bearer ${canary}` }));
    await ask(`/stream/${session}?ticket=${canary}&after=${canary}`, get());
    await ask(`/events/${session}?link=${canary}`, get());
    await ask(
      `/stream/${session}?after=${canary}`,
      get({ 'last-event-id': canary, cookie: canary, referer: canary }),
    );
    await ask(`/${canary}/${encodeURIComponent(forged)}`, get());
    await ask(`/session/${canary}%0a`, get());
    await ask(`/session`, { ...post('ada-key'), body: `{"${canary}` });
    await ask(`/session`, {
      ...post('ada-key', { metadata: canary }),
      headers: { ...post('ada-key').headers, 'idempotency-key': canary },
    });
    await ask(`/session`, {
      ...post('ada-key'),
      headers: { authorization: 'Bearer ada-key', 'content-type': canary },
    });
    // After the end, all output has been read.
    await child.stop('SIGTERM');
    expect(child.output()).not.toContain(canary);
    expect(child.output()).not.toContain('ada-key');
    if (form === 'text') return;

    const lines = child
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'answered').length).toBeGreaterThanOrEqual(13);
    expect(lines).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        route: '/message/:session',
        status: 202,
        owner: 'ada',
        session,
      }),
    );
  },
  60_000,
);

test.each(['json', 'text'])(
  'an error of an agent cannot forge a line of the %s log, whatever its words',
  async (form) => {
    const folder = temporaryFolder();
    cleanUp(folder.remove);
    const agent = join(folder.path, 'agent.mjs');
    // Like errors of SDKs, it has extra properties and a cause.
    writeFileSync(
      agent,
      `export default async function* ({ input }) {
      const cause = Object.assign(new Error('why: ' + input.content), { request: { body: 'CANARY' } });
      throw Object.assign(new Error('no: ' + input.content, { cause }), { headers: { authorization: 'CANARY' } });
    }`,
    );
    const { url, child } = await heddleServe([agent, '--memory', '--log', form]);
    cleanUp(() => child.stop());
    await child.waitFor(/conversations are kept/);
    const started = child.output().trim().split('\n').length;
    const forged =
      '\n{"msg":"forged"}\nforged\r\n    at forged\u2028forged\u0085forged\u009b2Jforged\u001b[31m\u202eforged $& `';
    await (await fetch(`${url}/stream?prompt=${encodeURIComponent(forged)}`)).text();
    await child.waitFor(form === 'json' ? /"failed"/ : /cause: .*\n(?: .*\n)*/);
    const output = child.output();
    expect(output).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    expect(output).not.toContain('CANARY');
    const lines = output.trim().split('\n').slice(started);
    if (form === 'json') {
      const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(said.filter(({ msg }) => msg === 'failed')).toHaveLength(1);
      expect(said.filter(({ msg }) => msg === 'forged')).toEqual([]);
      return;
    }
    expect(lines[0]).toMatch(/^heddle: session [\w-]+: turn [\w-]+: Error: no: \\u\{a\}\{"msg"/);
    for (const line of lines.slice(1))
      expect(line).toMatch(/^ {4}(?:at .*agent\.mjs|at (?!forged)|cause: Error: why: )/);
  },
  60_000,
);
