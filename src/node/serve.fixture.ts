import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { defineAgent } from '../protocol/index.ts';
import { createServer } from '../server/index.ts';
import type { Server, ServerOptions } from '../server/index.ts';

/** What a test made, to be let go of after it. */
export const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

/**
 * A server over a store in memory, whose agent says hello; closed after the test. What it tells of errors
 * comes to `told`.
 */
export function serveHello(options: Partial<ServerOptions> = {}): { server: Server; told: unknown[] } {
  const told: unknown[] = [];
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'hello';
      },
  });
  const server = createServer({
    agent,
    store: memoryStore(),
    gatherMs: 0,
    onError: (error) => told.push(error),
    onWarning: () => {},
    ...options,
  });
  toClose.push(() => server.close(0));
  return { server, told };
}

/**
 * Sends the bytes of a request, and resolves with all that is answered when the connection ends; the request
 * should ask for that.
 */
export function exchange(http: { address(): AddressInfo | string | null }, bytes: string): Promise<string> {
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
    socket.on('error', reject).on('close', () => resolve(text));
    socket.write(bytes);
  });
}
