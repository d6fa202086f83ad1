import { once } from 'node:events';
import { createServer as createHttpServer, request as startRequest } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { Server as NetServer, AddressInfo } from 'node:net';
import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { toListener } from './index.ts';
import { serveHello } from './serve.fixture.ts';

// Node's own timers are not among them.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

async function listenOn(server: NetServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Lets a second pass again and again, until it is done. Returns the seconds. */
async function secondsUntil(done: Promise<unknown>): Promise<number> {
  let isDone = false;
  void done.then(() => (isDone = true));
  for (let seconds = 0; ; seconds += 1) {
    for (let turn = 0; turn < 50 && !isDone; turn += 1) await tick();
    if (isDone) return seconds;
    vi.advanceTimersByTime(1_000);
  }
}

test.each([
  ['HTTP/1.1', false],
  ['HTTP/2', true],
])('a body that does not end is given up after a minute, over %s', async (_, isHttp2) => {
  const listener = toListener(serveHello().server);
  const head = { 'content-type': 'application/json' };
  let over: Promise<unknown>;
  if (isHttp2) {
    const client = connectHttp2(await listenOn(createHttp2Server(listener)));
    onTestFinished(() => client.destroy());
    const stream = client.request({ ':path': '/session', ':method': 'POST', ...head });
    over = new Promise((resolve) => stream.on('error', resolve).on('close', resolve));
    stream.write('{"metadata": ');
  } else {
    const url = await listenOn(createHttpServer({ requestTimeout: 0 }, listener));
    const request = startRequest(`${url}/session`, { method: 'POST', headers: head });
    over = once(request, 'error');
    request.write('{"metadata": ');
  }
  const seconds = await secondsUntil(over);
  expect(seconds).toBeGreaterThanOrEqual(60);
  expect(seconds).toBeLessThan(120);
});
