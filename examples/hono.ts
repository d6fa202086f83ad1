// Heddle mounted in Hono, as a fetch handler. This works the same on Deno, Bun and workers.
import { serve } from '@hono/node-server';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import { Hono } from 'hono';
import echo from './echo-agent.ts';

const heddle = createServer({
  agent: echo,
  store: memoryStore(),
  basePath: '/agent',
});

const app = new Hono();
app.all('/agent/*', (context) => heddle.fetch(context.req.raw));
app.get('/', (context) => context.text('something else'));

const server = serve(
  { fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000), hostname: '127.0.0.1' },
  () => {
    console.error('listening on', server.address());
  },
);

// Ends the streams, so that clients reconnect elsewhere. Gives turns 30 s to end. Then closes the store.
async function close(): Promise<void> {
  server.close();
  await heddle.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
