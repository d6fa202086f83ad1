import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { defineAgent } from '../protocol/index.ts';
import { createServer } from '../server/index.ts';
import type { Server, ServerOptions } from '../server/index.ts';

/**
 * Creates a server over a memory store whose agent says hello. It is closed after the test. Its errors are
 * collected in `told`.
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
  onTestFinished(() => server.close(0));
  return { server, told };
}

/**
 * Sends the bytes of a request, and resolves with the whole response when the connection ends. The request
 * should ask for that with `Connection: close`.
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
