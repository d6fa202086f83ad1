import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { isIP } from 'node:net';
import { checkNumber, timerOrNever } from '../protocol/internal.ts';
import type { Server } from '../server/index.ts';
import { toListener } from './to-listener.ts';

export interface ListenOptions {
  /** @default 8000 */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
}

/** A server that listens. */
export interface Listening {
  /** Where it answers, as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly http: HttpServer;
  /** Takes no new connections, ends streams, lets turns finish for `drainMs`, then lets go of everything. */
  close(drainMs?: number): Promise<void>;
}

/** Serves over HTTP/1.1 until closed; rejects with Node's error where the port or address cannot be had, and with a TypeError where the port is none. */
export async function listen(
  server: Server,
  { port = 8000, host = '127.0.0.1' }: ListenOptions = {},
): Promise<Listening> {
  checkNumber('port', port, { most: 65_535, whole: true });
  const http = createHttpServer(
    {
      // Above the 60 s of the usual load balancers: a connection must not be closed here in the moment they use it again.
      keepAliveTimeout: 75_000,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      // How often these times are looked at; by default it is every 30 s, and a slow sender has them on top.
      connectionsCheckingInterval: 5_000,
      noDelay: true,
    },
    toListener(server),
  );
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  // What goes wrong with a connection that comes, as where files run out, must not end the others.
  http.on('error', (error) => server.tell(error));
  const address = http.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`,
    http,
    close: async (drainMs) => {
      checkNumber('drainMs', drainMs, { ...timerOrNever, least: 0 });
      // Does not finish by itself while a keep-alive connection is open.
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      // From the start, and not only at the end: whoever comes back on a connection that was kept would get a 503, and an EventSource
      // gives up for good at that; where there is no connection to be had, it tries again.
      const idle = setInterval(() => http.closeIdleConnections(), 10);
      await server.close(drainMs);
      // Who does not take its last bytes in a second does not get to hold the process.
      const deadline = setTimeout(() => http.closeAllConnections(), 1_000);
      await closed;
      clearInterval(idle);
      clearTimeout(deadline);
    },
  };
}
