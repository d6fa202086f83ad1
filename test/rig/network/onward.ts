import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { HeaderChanges, NetworkFaults } from './network-faults.ts';

/** One request as the network received it. */
export interface NetworkRequest {
  readonly method: string;
  /** The path and the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The address that the request came from. */
  readonly address: string;
}

/** Sends a request on to the server, with what the network does to it. `signal` ends it. */
export function sendOnward(
  target: URL,
  asked: NetworkRequest,
  faults: NetworkFaults,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const onward: ClientRequest = request(
      {
        host: target.hostname,
        port: target.port,
        method: asked.method,
        path: faults.loseQuery ? asked.url.replace(/\?.*/, '') : asked.url,
        headers: toHeaders(asked, faults),
        setHost: false,
        signal,
        ...(faults.http10 ? { createConnection: () => speakOld(target) } : { agent: false }),
      },
      resolve,
    );
    // After the response has begun, its body reports the error.
    onward.on('error', reject);
    onward.end(faults.loseBody ? undefined : asked.body);
  });
}

/** Returns headers with the changes. */
export function changeHeaders(
  headers: NetworkRequest['headers'],
  changes: HeaderChanges = {},
): Record<string, string | string[]> {
  const changed = Object.entries({ ...headers, ...changes });
  return Object.fromEntries(changed.flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
}

function toHeaders(
  { headers, body, address, method }: NetworkRequest,
  { requestHeaders, forwardedFor = 'added', loseBody, http10 }: NetworkFaults,
): Record<string, string | string[]> {
  const { 'x-forwarded-for': forged } = headers;
  const addresses = { added: forged ? `${String(forged)}, ${address}` : address, replaced: address };
  const length = loseBody || (body.length === 0 && method === 'GET') ? null : `${body.length}`;
  return changeHeaders(headers, {
    connection: http10 ? 'close' : null,
    'transfer-encoding': null,
    'content-length': length,
    ...(forwardedFor !== 'passed' && { 'x-forwarded-for': addresses[forwardedFor] }),
    ...requestHeaders,
  });
}

/** Returns a connection on which the request line says HTTP/1.0. */
function speakOld(target: URL): Socket {
  const socket = connect(Number(target.port), target.hostname);
  const write = socket.write.bind(socket) as (...args: readonly unknown[]) => boolean;
  let isFirst = true;
  socket.write = (head: Uint8Array | string, ...rest: readonly unknown[]) => {
    const old = isFirst && typeof head === 'string' ? head.replace(' HTTP/1.1\r\n', ' HTTP/1.0\r\n') : head;
    isFirst = false;
    return write(old, ...rest);
  };
  return socket;
}
