import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { isIP } from 'node:net';
import { checkNumber, timerOrNever } from '../protocol/internal.ts';
import type { Server } from '../server/index.ts';
import type { Certificate } from './create-tls-server.ts';
import { insertConnections } from './http-connections.ts';
import { toListener } from './to-listener.ts';

export interface ListenOptions {
  /** The TCP port; 0 for any that is free. @default 8000 */
  readonly port?: number;
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * Lets the stream of a session keep only its socket once its head is out, which saves memory. The head then
   * says `Connection: close`. In Bun and Deno, and with TLS, the option has no effect. @default true
   */
  readonly bareStreams?: boolean;
  /**
   * Serves over TLS: HTTP/2 for clients that offer it, and HTTP/1.1. Over HTTP/2 a browser may have more than
   * six streams of one server.
   * @default serves HTTP/1.1 without TLS
   */
  readonly tls?: Certificate;
  /**
   * How long a connection of HTTP/1.1 stays open between two requests, in milliseconds. It must be longer
   * than the reverse proxy keeps its connections, or the proxy may send a request on one that is just being
   * closed.
   * @default 95_000, above the 60 to 90 s of the usual load balancers
   */
  readonly keepAliveTimeoutMs?: number;
}

/** A server that listens. */
export interface Listening {
  /** The URL of the server, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly http: HttpServer | HttpsServer;
  /**
   * Uses another certificate for the connections that come from now on. Open connections go on. Throws
   * Node's error if the certificate and the key do not fit, and a TypeError if the server has no TLS.
   */
  replaceCertificate(certificate: Certificate): void;
  /**
   * Stops accepting connections, ends streams, lets turns finish for `drainMs` milliseconds, then closes
   * everything.
   */
  close(drainMs?: number): Promise<void>;
}

/**
 * Serves until closed: over HTTP/1.1, or with `tls` over HTTP/2 and HTTP/1.1. Rejects with Node's error if
 * the port or address is not available, or the certificate cannot be used, and with a TypeError if an option
 * is invalid.
 */
export async function listen(server: Server, options: ListenOptions = {}): Promise<Listening> {
  const { port = 8000, host = '127.0.0.1', bareStreams = true, tls } = options;
  checkNumber('port', port, { most: 65_535, whole: true });
  const http = await createNodeServer(server, options);
  if (bareStreams && tls === undefined) insertConnections(http);
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  // An error of a new connection, such as a lack of file descriptors, must not end the others.
  http.on('error', (error) => server.tell(error));
  const address = http.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `${tls ? 'https' : 'http'}://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`,
    http,
    replaceCertificate({ cert, key }) {
      if (!('setSecureContext' in http))
        throw new TypeError('This server listens without TLS; start it with the option tls.');
      http.setSecureContext({ cert: Buffer.from(cert), key: Buffer.from(key) });
    },
    close: async (drainMs) => {
      checkNumber('drainMs', drainMs, { ...timerOrNever, least: 0 });
      // This does not finish by itself while a keep-alive connection is open.
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      // Idle connections are closed from the start. A client that reuses one would get a 503, and an
      // EventSource gives up for good on a 503. If it cannot connect, it retries.
      const idle = setInterval(() => http.closeIdleConnections(), 10);
      await server.close(drainMs);
      // A client has one second to read its last bytes. After that it cannot hold up the process.
      const deadline = setTimeout(() => http.closeAllConnections(), 1_000);
      await closed;
      clearInterval(idle);
      clearTimeout(deadline);
    },
  };
}

async function createNodeServer(
  server: Server,
  { tls, keepAliveTimeoutMs = 95_000 }: ListenOptions,
): Promise<HttpServer | HttpsServer> {
  checkNumber('keepAliveTimeoutMs', keepAliveTimeoutMs, { ...timerOrNever, least: 0 });
  const options = {
    keepAliveTimeout: keepAliveTimeoutMs === Infinity ? 0 : keepAliveTimeoutMs,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    // The interval at which Node checks these timeouts. Its default of 30 s would be added to them for a
    // slow sender.
    connectionsCheckingInterval: 5_000,
    noDelay: true,
  };
  const listener = toListener(server);
  if (tls === undefined) return createHttpServer(options, listener);
  const { createTlsServer } = await import('./create-tls-server.ts');
  return createTlsServer(tls, options, listener);
}
