import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { Server } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

/** Creates a server that takes the owner from a header. */
function serve(secret: string): Server {
  const server = createTestServer(async function* () {}, {
    secrets: [secret.repeat(40)],
    authenticate: (request) => request.header('x-who'),
  });
  servers.push(server);
  return server;
}

test('the slot of an owner is the beginning of the SHA-256 of its name, with any secret', async () => {
  for (const server of [serve('a'), serve('b')])
    for (const owner of ['ada', 'ad%c3%a4@example.com']) {
      const { headers } = await ask(server, 'GET', '/caller', { headers: { 'x-who': owner } });
      const digest = createHash('sha256').update(owner).digest('hex');
      expect(headers.get('heddle-slot')).toBe(digest.slice(0, 3));
    }
});

test('a caller that is not authenticated has no slot', async () => {
  const refused = await ask(serve('a'), 'GET', '/caller');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('heddle-slot')).toBeNull();
});

test.each(['ticket', 'link'])('the URL of a %s names the cell that the proxy names', async (kind) => {
  const server = serve('a');
  const session = await field(
    await ask(server, 'POST', '/session', { headers: { 'x-who': 'ada' } }),
    'session_id',
  );
  const cellIn = async (header: Readonly<Record<string, string>>): Promise<string | null> => {
    const made = await ask(server, 'POST', `/${kind}/${session}`, {
      headers: { 'x-who': 'ada', ...header },
    });
    const url = new URL(await field(made, 'url'), `http://localhost/${kind}/${session}`);
    expect((await ask(server, 'GET', `/stream/${session}${url.search}`)).status).toBe(200);
    return url.searchParams.get('cell');
  };
  expect(await cellIn({ 'heddle-cell': 'eu-1' })).toBe('eu-1');
  expect(await cellIn({})).toBeNull();
  for (const odd of ['a&after=1', 'a b', '', 'a'.repeat(33)])
    expect(await cellIn({ 'heddle-cell': odd }), odd).toBeNull();
});
