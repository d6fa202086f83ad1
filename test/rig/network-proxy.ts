import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { toCannedAnswer } from './network/canned-answer.ts';
import { startConnectionFront } from './network/connection-front.ts';
import { cannedAnswers } from './network/network-faults.ts';
import type { CannedAnswer, NetworkFaults } from './network/network-faults.ts';
import { changeHeaders, sendOnward } from './network/onward.ts';
import type { NetworkRequest } from './network/onward.ts';
import { passBody } from './network/pass-body.ts';
import { createTurnstile } from './network/turnstile.ts';
import { createUrlCache } from './network/url-cache.ts';

/** An HTTP proxy in front of a server that misbehaves as its faults say. */
export interface NetworkProxy {
  readonly url: string;
  /** The faults of later requests and connections. */
  faults: NetworkFaults;
  /** The requests so far, as the clients sent them. */
  readonly asked: readonly NetworkRequest[];
  /** How many connections the clients have made. */
  readonly connections: number;
  close(): void;
}

/** Starts a proxy on a free port, in front of the server at this URL. */
export async function startNetworkProxy(target: string, faults: NetworkFaults = {}): Promise<NetworkProxy> {
  const asked: NetworkRequest[] = [];
  const answered = new Set<string>();
  const cache = createUrlCache();
  const turnstile = createTurnstile();
  let firstAt: number | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    firstAt ??= performance.now();
    const { method = 'GET', url = '/', headers, socket } = request;
    const body = await buffer(request);
    const one: NetworkRequest = { method, url, headers, body, address: socket.remoteAddress ?? '' };
    const { faults } = proxy;
    asked.push(one);
    const canned = toCannedAnswer(one, faults, performance.now() - firstAt);
    if (canned) return refuse(response, canned);
    const kept = faults.cache && cache.find(method, url);
    if (kept) return void response.writeHead(kept.status, kept.headers).end(kept.body);
    const leave = await turnstile.enter(faults.mostAtOnce);
    // A client that has left in the queue takes no place.
    if (response.closed) return leave();
    response.once('close', leave);
    await pass(one, faults, response);
  }

  async function pass(one: NetworkRequest, faults: NetworkFaults, response: ServerResponse): Promise<void> {
    const left = new AbortController();
    if (!faults.body?.unnoticedLeaving) response.once('close', () => left.abort());
    const onward = { ...one, url: one.url.slice(faults.stripPrefix?.length ?? 0) || '/' };
    const send = (): Promise<IncomingMessage> => sendOnward(new URL(target), onward, faults, left.signal);
    if (faults.sendTwice?.includes(one.method)) (await send()).on('error', () => {}).resume();
    const source = await send().catch(() => undefined);
    if (source === undefined) return refuse(response, cannedAnswers.badGateway);

    const name = `${one.method} ${one.url} ${String(one.headers['idempotency-key'])} ${one.body.toString()}`;
    if (faults.loseFirstAnswer && one.method === 'POST' && !answered.has(name)) {
      answered.add(name);
      source.on('error', () => {}).resume();
      if (faults.loseFirstAnswer === 'reset') response.destroy();
      return;
    }
    const isStream = source.headers['content-type']?.startsWith('text/event-stream');
    const changes = { ...faults.responseHeaders, ...(isStream && faults.streamHeaders) };
    const plain = { connection: null, 'keep-alive': null, 'transfer-encoding': null };
    const answer = {
      status: source.statusCode ?? 502,
      headers: changeHeaders(source.headers, { ...plain, ...changes }),
    };
    const acceptsGzip = /\bgzip\b/.test(String(one.headers['accept-encoding']));
    const body = await passBody(source, response, answer, faults.body ?? {}, acceptsGzip);
    cache.keep(one.method, one.url, { ...answer, body });
  }

  const http = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const front = await startConnectionFront(port, () => proxy.faults.connection ?? {});
  const proxy: NetworkProxy = {
    url: `http://127.0.0.1:${front.port}`,
    faults,
    asked,
    get connections() {
      return front.connections;
    },
    close() {
      front.close();
      http.close();
      http.closeAllConnections();
    },
  };
  return proxy;
}

function refuse(response: ServerResponse, { status, headers, body }: CannedAnswer): void {
  response.writeHead(status, headers).end(body);
}
