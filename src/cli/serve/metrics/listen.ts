import { createServer } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Registry } from 'prom-client';

/** The address that serves the metrics. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The listener that serves the metrics. */
export interface MetricsListener {
  /** For example `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): void;
}

/**
 * Answers `GET /metrics` on its own listener, so the routes that users can reach do not change. Rejects with
 * Node's error when the address cannot be used.
 */
export async function listenForMetrics(
  registry: Registry,
  { host, port }: Address,
): Promise<MetricsListener> {
  const http = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics' || request.method !== 'GET') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, resolve);
  });
  const address = http.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}/metrics`,
    close: () => {
      http.close();
      http.closeAllConnections();
    },
  };
}
