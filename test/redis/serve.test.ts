// `heddle serve --redis` as it is shipped. Two nodes are one server.
import { expect, test, vi } from 'vitest';
import { startRedis } from '../rig/redis-server.ts';
import { start } from '../rig/child.ts';
import { heddleServe } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

test('a session on one node can be followed on the other while it goes on, and both print where it is stored', async () => {
  const redis = await startRedis();
  cleanUp(() => redis.stop());
  const nodes = await Promise.all(
    [1, 2].map(() => heddleServe(['examples/echo-agent.ts', '--redis', redis.url])),
  );
  for (const { child } of nodes) cleanUp(() => child.stop());
  for (const { child } of nodes) {
    await child.waitFor(new RegExp(`kept in Redis at 127.0.0.1:${redis.port}`));
    // The Redis of this test has no append-only file.
    await child.waitFor(/heddle: .*appendonly yes/);
  }
  const [one, other] = nodes;
  const created: unknown = await (await fetch(`${one?.url}/session`, { method: 'POST' })).json();
  const session = String(Reflect.get(Object(created), 'session_id'));
  const stream = await fetch(`${other?.url}/stream/${session}`);
  await fetch(`${one?.url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'one two three' }),
  });
  let text = '';
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes('"type":"message_end"')) break;
  }
  expect(text).toContain('"outcome":"completed"');
  for (const { child } of nodes) expect(await child.stop('SIGTERM')).toBe(0);
  // The nodes leave no connections behind.
  expect(await redis.command('INFO', 'clients')).toContain('connected_clients:1\r');
}, 30_000);

test('limits hold for both nodes together, and each limit counts separately', async () => {
  const redis = await startRedis();
  cleanUp(() => redis.stop());
  const limit = ['--limit', 'sessions=5/hour,sessions=8/day'];
  const nodes = await Promise.all(
    [1, 2].map(() => heddleServe(['examples/echo-agent.ts', '--redis', redis.url, ...limit])),
  );
  for (const { child } of nodes) cleanUp(() => child.stop());
  const create = async (_: unknown, index: number): Promise<number> =>
    (await fetch(`${nodes[index % 2]?.url}/session`, { method: 'POST' })).status;
  const statuses = await Promise.all(Array.from({ length: 12 }, create));
  expect(statuses.filter((status) => status === 201)).toHaveLength(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(7);
  for (const { child } of nodes) expect(await child.stop('SIGTERM')).toBe(0);
  expect(await redis.command('INFO', 'clients')).toContain('connected_clients:1\r');
}, 30_000);

test('a Redis with another value in the key of the blocks is reported, and the node ends', async () => {
  const redis = await startRedis();
  cleanUp(() => redis.stop());
  await redis.command('SET', 'heddle:blocks', 'something else');
  const node = start(process.execPath, ['dist/cli/heddle.js', 'serve', '--port', '0', '--redis', redis.url]);
  cleanUp(() => node.stop());
  await node.waitFor(/heddle: WRONGTYPE/);
  await vi.waitFor(() => expect(node.process.exitCode).toBe(1), { timeout: 10_000 });
});
