import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { AddressRefusedError } from '../server/index.ts';
import type { WebhookAnswer, WebhookFetch, WebhookInit } from '../server/index.ts';
import { isAddress, isPublicAddress } from '../server/internal.ts';

/** Returns all addresses of a host name. */
export type ResolveHost = (name: string) => Promise<readonly string[]>;

/** The most addresses of one host that are tried. */
const maxAddresses = 4;

/**
 * Sends the requests of webhooks over node:http and node:https, for `createServer({ webhooks: { fetch:
 * webhookFetch } })`. It resolves a host name once and checks every address of the answer. It then connects
 * to those very addresses, so no later answer of DNS matters. It follows no redirect, uses no proxy, reads no
 * body, and makes a connection for each request.
 */
export const webhookFetch: WebhookFetch = createWebhookFetch(async (name) =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address),
);

/** Creates the fetch of webhooks over a resolver. */
export function createWebhookFetch(resolve: ResolveHost): WebhookFetch {
  return async (text, init) => {
    const url = new URL(text);
    // The brackets of an IPv6 address belong to URLs only.
    const name = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isAddress(name) ? [name] : await orAbort(resolve(name), init.signal);
    if (!init.isTrusted && !addresses.every(isPublicAddress)) throw new AddressRefusedError();
    let failure: unknown = new Error('The host has no address.');
    for (const address of addresses.slice(0, maxAddresses)) {
      const sending = send(url, { name, address }, init);
      try {
        return await sending.answer;
      } catch (error) {
        // A request that was sent once may have arrived. Then only the sender of the notice may try again.
        if (init.signal.aborted || sending.isConnected()) throw error;
        failure = error;
      }
    }
    throw failure;
  };
}

interface Sending {
  readonly answer: Promise<WebhookAnswer>;
  isConnected(): boolean;
}

/** Sends the request to one address. TLS and the host's own routing see the name. */
function send(
  url: URL,
  { name, address }: { readonly name: string; readonly address: string },
  { method, headers, body, signal, isTrusted }: WebhookInit,
): Sending {
  const isSecure = url.protocol === 'https:';
  const request = (isSecure ? requestHttps : requestHttp)({
    host: address,
    ...(url.port !== '' && { port: url.port }),
    path: `${url.pathname}${url.search}`,
    method,
    headers: { ...headers, host: url.host, 'content-length': String(Buffer.byteLength(body)) },
    // TLS has no names for addresses.
    ...(isSecure && !isAddress(name) && { servername: name }),
    agent: false,
    signal,
  });
  let isConnected = false;
  request.once('socket', (socket: Socket) =>
    socket.once('connect', () => {
      isConnected = true;
      if (!isTrusted && !isPublicAddress(socket.remoteAddress ?? ''))
        request.destroy(new AddressRefusedError());
    }),
  );
  const answer = toAnswer(request, signal);
  request.end(body);
  return { answer, isConnected: () => isConnected };
}

function toAnswer(request: ClientRequest, signal: AbortSignal): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage): void => {
      resolve({
        status: response.statusCode ?? 0,
        headers: { get: (name) => [response.headers[name.toLowerCase()] ?? []].flat()[0] ?? null },
      });
      // The body is not wanted, however long it is.
      response.on('error', () => {});
      response.destroy();
    };
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    request.on('response', take);
    // A receiver that switches protocols has no response, and node:http has no error for it.
    request.on('upgrade', take);
    request.on('close', () => reject(new Error('The connection closed without a response.')));
  });
}

/** Rejects with the reason of a signal. A lookup cannot be stopped. */
function orAbort<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
