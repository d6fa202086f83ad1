import { expect, test } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { frame, idOf, serveLog, turnOf } from './scripted-log.fixture.ts';
import { json, startScript } from './scripted-server.fixture.ts';
import { createClient, createEventStream } from './index.ts';
import type { FetchLike, FetchResponse } from './index.ts';

const turn = turnOf('Hello');

/** React Native's `fetch` as the client sees it: it resolves with the complete response, without a body. */
const wholeFetch: FetchLike = async (url, init) => {
  const response = await fetch(url, init);
  return withoutBody(response, await response.text());
};

/** A `fetch` that resolves at the headers, also without a body. */
const headFetch: FetchLike = async (url, init) => {
  const response = await fetch(url, init);
  return withoutBody(response, response.text.bind(response));
};

function withoutBody(
  { url, status, headers }: FetchResponse,
  text: string | (() => Promise<string>),
): FetchResponse {
  return {
    ...(url !== undefined && { url }),
    status,
    headers,
    text: async () => (typeof text === 'string' ? text : text()),
  };
}

test('a session is polled at once if responses have no body to read', async () => {
  const entries = turn.map((event, index) => ({ id: idOf(index + 1), event }));
  await using server = await startScript(serveLog(turn), json(200, { entries }));
  const client = createClient({ url: server.url, fetch: headFetch, timing: createFakeTiming() });
  const all = [];
  for await (const received of client.session('s1').events()) {
    all.push(received);
    if (received.event.type === 'message_end') break;
  }
  expect(all).toEqual(entries);
  expect(server.requests.map(({ url }) => url)).toEqual(['/stream/s1?dialect=typed', '/events/s1?wait=0']);
});

test('a session is polled if `fetch` resolves only with a complete response', async () => {
  const entries = turn.map((event, index) => ({ id: idOf(index + 1), event }));
  await using server = await startScript((response, request) => {
    const step = request.url.startsWith('/events/') ? json(200, { entries }) : serveLog(turn);
    step(response, request);
  });
  const timing = { ...createFakeTiming(), openingMs: 100 };
  const client = createClient({ url: server.url, fetch: wholeFetch, timing });
  const ways = new Set<string>();
  const events = client.session('s1').events({ onConnection: (_, { via }) => ways.add(via) });
  for await (const { event } of events) if (event.type === 'message_end') break;
  expect([...ways]).toEqual(['sse', 'long-poll']);
});

test.each([
  ['complete', wholeFetch],
  ['at its headers', headFetch],
])('one answer is read once it is over, if `fetch` returns it %s and without a body', async (_, fetch) => {
  const text = `${turn.map((event, index) => frame(index + 1, event)).join('')}data: {"type":"end"}\n\n`;
  await using server = await startScript((response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text),
  );
  const timing = createFakeTiming();
  const answered = [];
  for await (const { event } of createClient({ url: server.url, fetch, timing }).ask('Hi'))
    answered.push(event);
  expect(answered.map(({ type }) => type)).toEqual([...turn.map(({ type }) => type), 'end']);

  const read = [];
  for await (const { data } of createEventStream(server.url, { fetch, timing, method: 'POST' }))
    read.push(data);
  expect(read).toHaveLength(turn.length + 1);
  expect(server.requests).toHaveLength(2);
});
