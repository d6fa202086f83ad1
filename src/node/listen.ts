import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { isIP } from 'node:net';
import { checkNumber, timerOrNever } from '../protocol/internal.ts';
import type { Server } from '../server/index.ts';
import { insertConnections } from './http-connections.ts';
import { toListener } from './to-listener.ts';

export interface ListenOptions {
  /** The TCP port; 0 for any that is free. @default 8000 */
  readonly port?: number;
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * Lets the stream of a session keep only its socket once its head is out, which saves memory. The head then
   * says `Connection: close`. In Bun and Deno the option has no effect. @default true
   */
  readonly bareStreams?: boolean;
}

/** A server that listens. */
export interface Listening {
  /** The URL of the server, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly http: HttpServer;
  /**
   * Stops accepting connections, ends streams, lets turns finish for `drainMs` milliseconds, then closes
   * everything.
   */
  close(drainMs?: number): Promise<void>;
}

/**
 * Serves over HTTP/1.1 until closed. Rejects with Node's error if the port or address is not available, and
 * with a TypeError if the port is invalid.
 */
export async function listen(
  server: Server,
  { port = 8000, host = '127.0.0.1', bareStreams = true }: ListenOptions = {},
): Promise<Listening> {
  checkNumber('port', port, { most: 65_535, whole: true });
  const http = createHttpServer(
    {
      // Above the 60 s of the usual load balancers. Otherwise the server could close a connection in the
      // moment that they reuse it.
      keepAliveTimeout: 75_000,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      // The interval at which Node checks these timeouts. Its default of 30 s would be added to them for a
      // slow sender.
      connectionsCheckingInterval: 5_000,
      noDelay: true,
    },
    toListener(server),
  );
  if (bareStreams) insertConnections(http);
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
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`,
    http,
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
