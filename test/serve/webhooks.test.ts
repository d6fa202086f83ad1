// Webhooks of a real server, over HTTP to a real receiver that fails, stalls and redirects.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { webhookFetch } from '../../src/node/index.ts';
import { createWebhookRig, testSecret } from '../../src/server/webhooks/webhooks.fixture.ts';
import type { WebhookRig } from '../../src/server/webhooks/webhooks.fixture.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Starts a receiver on this machine. */
async function startReceiver(respond: (response: ServerResponse, index: number) => void) {
  const received: Received[] = [];
  const server = createHttpServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      respond(response, received.length - 1);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { received, host: `localhost:${port}`, url: `http://localhost:${port}/take?me=1` };
}

function open(hosts: readonly string[], timeoutMs = 10_000): WebhookRig {
  const rig = createWebhookRig({ webhooks: { fetch: webhookFetch, hosts, timeoutMs } });
  onTestFinished(() => rig.server.close(0));
  return rig;
}

function isSigned({ headers, body }: Received): boolean {
  const key = Buffer.from(testSecret.slice('whsec_'.length), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

test('a receiver that resets, fails, stalls and asks for a wait gets the notice in the end', async () => {
  const { received, host, url } = await startReceiver((response, index) => {
    if (index === 0) response.destroy();
    else if (index === 1) response.writeHead(500).end('x'.repeat(100_000));
    else if (index === 3) response.writeHead(503, { 'retry-after': '0' }).end();
    else if (index === 4) response.end('thanks');
  });
  const rig = open([host], 1000);
  await rig.post('t', { content: 'hi', webhook: { url, token: 'tok' } });
  await vi.waitFor(() => expect(rig.server.counts().noticesDelivered).toBe(1), 5000);
  expect(received).toHaveLength(5);
  expect(received.every(isSigned)).toBe(true);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(received[0]?.headers).toMatchObject({ host, 'x-token': 'tok', 'content-type': 'application/json' });
  expect(rig.errors).toEqual([]);
});

test('a redirect to a private place is not followed', async () => {
  const target = await startReceiver((response) => response.end());
  const { received, host, url } = await startReceiver((response) =>
    response.writeHead(307, { location: target.url }).end(),
  );
  const rig = open([host]);
  await rig.post('t', { content: 'hi', webhook: { url } });
  await vi.waitFor(() => expect(rig.errors).toHaveLength(1));
  expect(rig.errors).toEqual([`Error: A notice to the webhook at ${host} is given up: status 307.`]);
  expect([received.length, target.received.length]).toEqual([1, 0]);
});

test('a host that is not named and leads to this machine gets nothing', async () => {
  const { received } = await startReceiver((response) => response.end());
  const rig = open([]);
  const response = await rig.post('t', { content: 'hi', webhook: { url: 'https://localhost/' } });
  expect(response.status).toBe(200);
  await vi.waitFor(() => expect(rig.errors).toHaveLength(1));
  expect(rig.errors).toEqual([
    'Error: A notice to the webhook at localhost is given up: its address is not public.',
  ]);
  expect(received).toEqual([]);
});
