// Clients that send frames of HTTP/2 that cost the server more than them. The server ends their connection,
// and serves the others.
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { defineAgent } from '../protocol/index.ts';
import { createServer } from '../server/index.ts';
import { createCertificate } from './certificate.fixture.ts';
import { createTlsServer } from './create-tls-server.ts';
import type { TestCertificate } from './certificate.fixture.ts';
import { getRoot, openRawConnection, postSession, toFrame } from './http2-frames.fixture.ts';
import { listen } from './index.ts';
import type { Listening } from './index.ts';

let certificate: TestCertificate;
let listening: Listening;
beforeAll(async () => {
  certificate = createCertificate();
  const agent = defineAgent({ open: () => async function* () {} });
  listening = await listen(createServer({ agent, store: memoryStore() }), { port: 0, tls: certificate });
});
afterAll(async () => {
  await listening.close(0);
  certificate.remove();
});

function portOf({ http }: Pick<Listening, 'http'>): number {
  return (http.address() as AddressInfo).port;
}

function askHealth(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${listening.url}/health`, { ca: certificate.cert, agent: false }, (response) => {
      resolve(response.resume().statusCode);
    }).on('error', reject);
  });
}

/** Resolves when more may be written, or the connection has ended. */
function drained(socket: TLSSocket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

const endHeaders = 4;
const floods: Readonly<Record<string, (round: number) => Buffer>> = {
  'requests that it resets at once': (round) =>
    Buffer.concat([
      toFrame('headers', endHeaders | 1, round * 2 + 1, getRoot),
      toFrame('reset', 0, round * 2 + 1, Buffer.from([0, 0, 0, 8])),
    ]),
  'headers that go on without an end': (round) =>
    round === 0
      ? toFrame('headers', 1, 1, getRoot)
      : toFrame(
          'continuation',
          0,
          1,
          Buffer.concat([Buffer.from([0, 1, 97, 127, 129, 15]), Buffer.alloc(272, 98)]),
        ),
  'headers that go on with nothing': (round) =>
    round === 0 ? toFrame('headers', 1, 1, getRoot) : toFrame('continuation', 0, 1),
  settings: () => toFrame('settings', 0, 0),
  pings: () => toFrame('ping', 0, 0, Buffer.alloc(8)),
  'empty data': (round) =>
    round === 0 ? toFrame('headers', endHeaders, 1, postSession) : toFrame('data', 0, 1),
};

test.each(Object.entries(floods))('a flood of %s is ended, and others are served', async (_, frame) => {
  const socket = await openRawConnection(portOf(listening), certificate.cert);
  onTestFinished(() => void socket.destroy());
  // The server's frames are not read. A client that reads pays as much as the server.
  socket.pause();
  for (let batch = 0; batch < 2_000 && !socket.destroyed; batch += 1) {
    const frames = Array.from({ length: 500 }, (_none, index) => frame(batch * 500 + index));
    if (!socket.write(Buffer.concat(frames))) await drained(socket);
  }
  // Otherwise a client that only reads does not see the end.
  socket.resume();
  await vi.waitFor(() => expect(socket.destroyed).toBe(true));
  expect(await askHealth()).toBe(200);
});

test('streams beyond the limit of a connection are refused', async () => {
  const socket = await openRawConnection(portOf(listening), certificate.cert);
  onTestFinished(() => void socket.destroy());
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => (received = Buffer.concat([received, bytes])));
  for (let stream = 1; stream < 2 * 400; stream += 2)
    socket.write(toFrame('headers', endHeaders, stream, postSession));
  // RST_STREAM with REFUSED_STREAM, or the end of the connection.
  await vi.waitFor(() => expect(socket.destroyed || received.includes(Buffer.from([0, 0, 0, 7]))).toBe(true));
  expect(await askHealth()).toBe(200);
});

test('a connection without a stream that is silent is ended', async () => {
  const http = createTlsServer(certificate, {}, () => {}, 100);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => http.closeAllConnections());
  onTestFinished(() => void http.close());
  const busy = await openRawConnection(portOf({ http }), certificate.cert);
  busy.write(toFrame('headers', endHeaders | 1, 1, getRoot));
  const idle = await openRawConnection(portOf({ http }), certificate.cert);
  await vi.waitFor(() => expect(idle.destroyed).toBe(true));
  expect(busy.destroyed).toBe(false);
  busy.destroy();
});
