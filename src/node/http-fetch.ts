import { request as requestHttp } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** The response of `httpFetch`: the part of a `Response` that agents use. */
export interface HttpFetched {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): HttpReader } | null;
}

/** Reads the body of a response. Rejects if the body breaks off, or if the signal of the request aborts. */
export interface HttpReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  /** Ends the connection. */
  cancel(): Promise<void>;
}

/**
 * Sends a request over node:http or node:https, for `remote({ fetch: httpFetch })`. Unlike the global `fetch`,
 * it has no bound on how long a response may be silent, and it takes `unix:/path/to/socket` URLs, with a path
 * behind a second colon: `unix:/run/agent.sock:/stream`. It follows no redirect, asks for no compression (some
 * servers compress all the same: gzip, deflate and br are read), and
 * makes a connection for each request, so that no request goes out on a connection that is just being closed.
 * Rejects with the error of the connection, or with the reason of the signal.
 */
export async function httpFetch(
  url: string,
  init: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<HttpFetched> {
  const { method = 'GET', headers = {}, body, signal } = init;
  const { isSecure, ...place } = toPlace(url);
  const options: RequestOptions = {
    ...place,
    method,
    headers: {
      'accept-encoding': 'identity',
      ...headers,
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    },
    agent: false,
    ...(signal && { signal }),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)(options, resolve);
    request.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
    request.end(body);
  });
  // At once, because an error of a response without a listener would end the process.
  const reader = toReader(decode(response));
  return {
    status: response.statusCode ?? 0,
    headers: {
      get: (name) => {
        const value = response.headers[name.toLowerCase()];
        return value === undefined ? null : [value].flat().join(', ');
      },
    },
    body: { getReader: () => reader },
  };
}

function toPlace(text: string): RequestOptions & { readonly isSecure: boolean } {
  const url = new URL(text);
  if (url.protocol !== 'unix:') {
    const { hostname, port, pathname, search } = url;
    return {
      isSecure: url.protocol === 'https:',
      // The brackets of an IPv6 address belong to URLs only.
      hostname: hostname.replace(/^\[|\]$/g, ''),
      ...(port !== '' && { port }),
      path: `${pathname}${search}`,
    };
  }
  // Only the socket is a path of the machine: the other one is sent as it is.
  const [, socketPath = '', path = '/'] = /^(.*?)(?::(\/.*))?$/.exec(url.pathname) ?? [];
  return {
    isSecure: false,
    socketPath: decodeURIComponent(socketPath),
    path: `${path}${url.search}`,
    host: 'localhost',
  };
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Returns the decoded body. Throws an Error for an encoding that is not known. */
function decode(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return response;
  const create = decoders[encoding];
  if (create === undefined) {
    response.on('error', () => {});
    response.destroy();
    throw new Error(`The response has the content encoding "${encoding}", and none was asked for.`);
  }
  // An error of either end destroys the other one, and the reader sees it.
  return pipeline(response, create(), () => {});
}

/** A read takes everything that has arrived. A web stream of the response would give each HTTP chunk alone. */
function toReader(response: Readable): HttpReader {
  let failure: Error | undefined;
  let wake = (): void => {};
  for (const event of ['readable', 'end', 'close'] as const) response.on(event, () => wake());
  response.on('error', (error) => {
    failure = error;
    wake();
  });
  return {
    async read() {
      for (;;) {
        const value: Uint8Array | null = response.read();
        if (value !== null) return { done: false, value };
        if (failure !== undefined) throw failure;
        if (response.readableEnded) return { done: true };
        if (response.destroyed) throw new Error('The response was closed.');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async cancel() {
      response.destroy();
    },
  };
}
