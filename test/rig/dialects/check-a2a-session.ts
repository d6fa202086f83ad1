import { isDeepStrictEqual } from 'node:util';
import { AgentCard, StreamResponse, Task } from 'a2a-sdk';
import { JsonRpcTransportFactory } from 'a2a-sdk/client';
import { emptyState, foldEntries } from 'heddle';
import type { Entry } from 'heddle';
import { a2a } from 'heddle/dialects';
import type { DialectRequest, Exchange, Finding } from 'heddle/dialects';
import { checkOlderFrame } from './a2a-older-shapes.ts';
import { createA2aPage } from './a2a-page.ts';
import type { A2aPage } from './a2a-page.ts';

const dialect = a2a();

/** Counts what was checked. */
export interface A2aCount {
  frames: number;
  subscriptions: number;
}

/**
 * Checks a log in the words of A2A. The typed decoder of the official package takes every frame and loses
 * nothing of it. And a client that subscribes at any entry has in the end what the task has. Throws an Error.
 */
export async function checkA2aSession(
  session: string,
  log: readonly Entry[],
  count: A2aCount,
): Promise<void> {
  for (const exchange of findExchanges(session, log)) {
    const frames = project(exchange, log, '1.0').flat().map(decodeFrame);
    const older = project(exchange, log, '0.3').flat();
    for (const frame of older) checkOlderFrame(frame);
    const decoded = (await decodeOlder(older)).map(toComparable);
    if (!isDeepStrictEqual(decoded, frames.map(toComparable)))
      throw new Error(
        `Version 0.3 is read as\n${JSON.stringify(decoded)}\nand not as\n${JSON.stringify(frames.map(toComparable))}`,
      );
    count.frames += frames.length + older.length;
    checkSubscriptions(exchange, log, count);
  }
}

/** Returns the exchanges of a log, one for each turn. */
function findExchanges(session: string, log: readonly Entry[]): readonly Exchange[] {
  return log.flatMap(({ event }) => {
    if (event.type !== 'message_start' || event.attempt > 1) return [];
    const { message, turn } = event;
    const at = log.findIndex((entry) => entry.event.type === 'message' && entry.event.message === message);
    return { session, thread: 'room', message, turn, from: log[at - 1]?.id };
  });
}

/** Returns the frames of each entry after the exchange's beginning. */
function project(
  exchange: Exchange,
  log: readonly Entry[],
  version: string,
): readonly (readonly unknown[])[] {
  const variant = JSON.stringify([version, { id: 1 }, null]);
  const projection = dialect.open({ scope: { ...exchange, variant } });
  const from = log.findIndex(({ id }) => id === exchange.from) + 1;
  return log.map((entry, index) =>
    index < from ? [] : projection.project(entry).map(({ data }) => JSON.parse(data) as unknown),
  );
}

/** Checks a frame of version 1.0. Returns the event that the decoder makes of it. */
function decodeFrame(frame: unknown): StreamResponse {
  const { jsonrpc, id, result, ...rest } = frame as Record<string, unknown>;
  if (jsonrpc !== '2.0' || id !== 1 || Object.keys(rest).length > 0)
    fail('is no response of JSON-RPC', frame);
  const decoded = StreamResponse.fromJSON(result);
  if (decoded.payload === undefined) fail('has no payload', frame);
  const again: unknown = JSON.parse(JSON.stringify(StreamResponse.toJSON(decoded)));
  if (!isDeepStrictEqual(again, result)) fail(`is read as ${JSON.stringify(again)}`, frame);
  return decoded;
}

function fail(how: string, frame: unknown): never {
  throw new Error(`A frame ${how}: ${JSON.stringify(frame)}`);
}

/** The package has no decoder of version 0.3 to call. Its client has one. */
async function decodeOlder(frames: readonly unknown[]): Promise<readonly StreamResponse[]> {
  const body = frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream' };
  const fetchImpl = (): Promise<Response> => Promise.resolve(new Response(body, { headers }));
  const options = { fetchImpl, legacyCompat: { enabled: true } };
  const transport = await new JsonRpcTransportFactory(options).create('http://localhost', olderCard);
  const events: StreamResponse[] = [];
  for await (const event of transport.resubscribeTask({ tenant: '', id: 't' })) events.push(event);
  return events;
}

const olderCard = AgentCard.fromJSON({
  supportedInterfaces: [{ url: 'http://localhost', protocolBinding: 'JSONRPC', protocolVersion: '0.3' }],
});

/**
 * The older version has no media type of data, and says of each update whether it appends and whether it
 * ends.
 */
function toComparable(event: StreamResponse): unknown {
  return JSON.parse(JSON.stringify(StreamResponse.toJSON(event)), (key, value: unknown) =>
    key === 'mediaType' && value === 'application/json' ? undefined : value,
  ) as unknown;
}

/** Subscribes at each entry of an exchange. */
function checkSubscriptions(exchange: Exchange, log: readonly Entry[], count: A2aCount): void {
  const frames = project(exchange, log, '1.0');
  const last = log.findIndex(({ event }) => event.type === 'message_end' && event.turn === exchange.turn);
  const expected = show((page) => page.keep(toTask(exchange, log.slice(0, last + 1))));
  const first = log.findIndex(({ event }) => 'turn' in event && event.turn === exchange.turn);
  for (let at = first; at < last; at += 1) {
    const seen = show((page) => {
      page.keep(toTask(exchange, log.slice(0, at + 1)));
      for (const frame of frames.slice(at + 1).flat())
        page.see(StreamResponse.fromJSON((frame as { result: unknown }).result));
    });
    count.subscriptions += 1;
    if (!isDeepStrictEqual(seen, expected))
      throw new Error(
        `Subscribed after entry ${at + 1}:\n${JSON.stringify(seen)}\nbut the task is\n${JSON.stringify(expected)}`,
      );
  }
}

function show(fill: (page: A2aPage) => void): unknown {
  const page = createA2aPage();
  fill(page);
  const shown = page.shown.map((each) => ({
    ...each,
    tools: each.tools.toSorted((one, other) => one.tool.localeCompare(other.tool)),
  }));
  return { shown, state: page.state(page.last ?? ''), waiting: page.waiting };
}

/** Gets a task as its route does, from the state after some entries. */
function toTask({ session, message }: Exchange, log: readonly Entry[]): Task {
  const route = dialect.routes?.find(({ method, path }) => method === 'GET' && path === '/a2a/tasks/:task');
  const request: DialectRequest = {
    params: { task: `${session}.${message}` },
    query: new URLSearchParams(),
    body: {},
    header: (name) => (name === 'a2a-version' ? '1.0' : undefined),
  };
  const intent = route?.decode(request);
  if (intent?.type !== 'read') throw new Error('The route does not read.');
  const how = intent.show;
  const found: Finding = { session, thread: 'room', state: foldEntries(emptyState(session), log) };
  const reply = how.as !== 'stream' && typeof how.reply === 'function' ? how.reply(found) : undefined;
  return Task.fromJSON(reply?.body);
}
