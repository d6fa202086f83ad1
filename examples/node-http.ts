// Heddle beside other routes of a plain node:http server.
import { createServer as createHttpServer } from 'node:http';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { createServer } from 'heddle/server';
import echo from './echo-agent.ts';

const heddle = createServer({
  agent: echo,
  store: memoryStore(),
  basePath: '/agent',
});
const listener = toListener(heddle);

const server = createHttpServer((request, response) => {
  listener(request, response, () => response.end('something else'));
});
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.error('listening on', server.address());
});

// Ends the streams, so that clients reconnect elsewhere. Gives turns 30 s to end. Then closes the store.
async function close(): Promise<void> {
  server.close();
  await heddle.close();
  server.closeAllConnections();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
