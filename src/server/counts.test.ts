import { expect, test, vi } from 'vitest';
import { ask, createTestServer, field } from './server.fixture.ts';

test('a server counts open streams by dialect, and keepalives', async () => {
  const server = createTestServer(async function* () {}, { keepaliveMs: 40 });
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  expect(server.counts()).toEqual({
    streams: {},
    channels: 0,
    sessions: 0,
    takenOver: 0,
    keepalives: 0,
    slowReaders: 0,
    noticesDelivered: 0,
    noticesGivenUp: 0,
  });
  const typed = [1, 2].map(() => ask(server, 'GET', `/stream/${session}`));
  const named = ask(server, 'GET', `/stream/${session}?dialect=named`);
  const tagged = ask(server, 'POST', '/streams', { json: { sessions: { [session]: null } } });
  const leave = new AbortController();
  const reading = (await Promise.all([...typed, named, tagged])).map(async ({ body }) =>
    body?.pipeTo(new WritableStream(), { signal: leave.signal }),
  );
  await vi.waitFor(() => {
    // Readers in the same dialect share a channel.
    expect(server.counts()).toMatchObject({ streams: { typed: 2, named: 1, tagged: 1 }, channels: 3 });
    expect(server.counts().keepalives).toBeGreaterThan(3);
  });
  leave.abort();
  await Promise.allSettled(reading);
  expect(server.counts()).toMatchObject({ streams: {}, channels: 0, slowReaders: 0 });
  await server.close(0);
});

test('onAnswer gets the code of a refusal', async () => {
  const codes: unknown[] = [];
  const server = createTestServer(async function* () {}, { onAnswer: ({ code }) => codes.push(code) });
  await ask(server, 'POST', '/session');
  await ask(server, 'GET', `/stream/${'x'.repeat(22)}`);
  await ask(server, 'GET', '/nowhere');
  await ask(server, 'DELETE', '/stream');
  await ask(server, 'POST', '/session', { body: '{', headers: { 'content-type': 'application/json' } });
  expect(codes).toEqual([undefined, 'not_found', 'not_found', 'method_not_allowed', 'malformed']);
  await server.close(0);
});
