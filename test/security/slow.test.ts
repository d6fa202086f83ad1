// Clients that are slow with a request, or send far too much.
import { createServer as createHttpServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, toListener } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

function create(): Server {
  const agent = defineAgent({ open: () => async function* () {} });
  return createServer({ agent, store: memoryStore() });
}

async function serve(): Promise<Listening & { readonly port: number }> {
  const listening = await listen(create(), { port: 0 });
  cleanUp(() => listening.close(0));
  return { ...listening, port: (listening.http.address() as AddressInfo).port };
}

/** Opens a connection that sends this text and no more. */
function open(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  socket.on('error', () => {});
  socket.resume();
  cleanUp(() => socket.destroy());
  return socket;
}

/** Sends a text, and returns everything received until the connection closes. */
async function answer(port: number, text: string): Promise<string> {
  const socket = open(port, text);
  let got = '';
  socket.on('data', (chunk) => (got += String(chunk)));
  await new Promise((resolve) => socket.on('close', resolve));
  return got;
}

test('connections that never finish their headers are closed in half a minute, and delay no other request', async () => {
  const { port, url } = await serve();
  // The twin: a server with Node's own timeouts, which keeps such connections all the time.
  const twin = createHttpServer(toListener(create()));
  await new Promise<void>((resolve) => twin.listen(0, '127.0.0.1', resolve));
  cleanUp(
    () => twin.closeAllConnections(),
    () => twin.close(),
  );

  const start = performance.now();
  const text = 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
  const slow = Array.from({ length: 300 }, () => open(port, text));
  const silent = Array.from({ length: 100 }, () => open(port, ''));
  const trickle = setInterval(() => slow.forEach((socket) => socket.write('x')), 1_000);
  cleanUp(() => clearInterval(trickle));
  const others = Array.from({ length: 20 }, () => open((twin.address() as AddressInfo).port, text));
  await vi.waitFor(() =>
    expect([...slow, ...others].every(({ readyState }) => readyState === 'open')).toBe(true),
  );

  expect((await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) })).status).toBe(200);
  await vi.waitFor(() => expect([...slow, ...silent].filter(({ closed }) => !closed)).toHaveLength(0), {
    timeout: 40_000,
    interval: 250,
  });
  expect(performance.now() - start).toBeGreaterThan(15_000);
  expect(others.filter(({ closed }) => closed)).toHaveLength(0);
}, 60_000);

test('headers without an end are refused, and so is a body that announces too many bytes, before it is sent', async () => {
  const { port, http } = await serve();
  const head = 'POST /session HTTP/1.1\r\nHost: localhost\r\n';
  expect(await answer(port, `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
  expect(
    await answer(port, `${head}Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{`),
  ).toMatch(/^HTTP\/1.1 413 /);
  // With two lengths, or a length and chunks, a proxy in front might see another request.
  const both = 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
  expect(await answer(port, `${head}${both}`)).toMatch(/^HTTP\/1.1 400 /);
  expect(await answer(port, `${head}Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}`)).toMatch(
    /^HTTP\/1.1 400 /,
  );
  // A body has one minute.
  expect(http.requestTimeout).toBe(60_000);
});
