import { afterEach, beforeEach, expect, test } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { frame, serveLog, turnOf } from './scripted-log.fixture.ts';
import { startScript, stream } from './scripted-server.fixture.ts';
import type { Step } from './scripted-server.fixture.ts';
import { createClient, createEventStream } from './index.ts';

const name = Symbol.for('undici.globalDispatcher.1');
const turn = turnOf('Hello');

let real: unknown;
beforeEach(() => {
  real = Reflect.get(globalThis, name);
  const { constructor } = Object(real) as object;
  // Node's own limit of 300 s, shortened.
  Reflect.set(globalThis, name, Reflect.construct(constructor, [{ bodyTimeout: 300, headersTimeout: 300 }]));
});
afterEach(() => void Reflect.set(globalThis, name, real));

/** Sends the first half, and the rest after Node's limit has passed. */
const slowly: Step = (response) => {
  const frames = turn.map((event, index) => frame(index + 1, event));
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frames.slice(0, 4).join(''));
  void delay(1_500).then(() => response.end(frames.slice(4).join('')));
};

test("a stream may be silent for longer than Node allows, if the client's limit is longer", async () => {
  await using server = await startScript(slowly, serveLog(turn));
  const client = createClient({ url: server.url, readTimeoutMs: Infinity });
  for await (const { event } of client.session('s1').events()) if (event.type === 'message_end') break;
  expect(server.requests).toHaveLength(1);
});

test('a stream with a slow reader is not cut either', async () => {
  await using server = await startScript(slowly, serveLog(turn));
  const events = [];
  for await (const { data } of createEventStream(server.url, { readTimeoutMs: 3_600_000, resume: false })) {
    if (events.push(data) === 1) await delay(1_000);
  }
  expect(events).toHaveLength(turn.length);
});

test('with a shorter limit Node cuts the stream, and the client continues after its last entry', async () => {
  const first = turn.slice(0, 4).map((event, index) => frame(index + 1, event));
  await using server = await startScript(stream(first.join(''), 'hold'), serveLog(turn));
  const client = createClient({ url: server.url, readTimeoutMs: 30_000 });
  for await (const { event } of client.session('s1').events()) if (event.type === 'message_end') break;
  expect(server.requests).toHaveLength(2);
});
