// Heddle mounted in Fastify, in a scope of its own. The scope leaves bodies and responses to Heddle.
import Fastify from 'fastify';
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

const app = Fastify();
await app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
  scope.all('/agent/*', (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  });
});
app.get('/', async () => 'something else');

await app.listen({ port: Number(process.env['PORT'] ?? 3000), host: '127.0.0.1' });
console.error('listening on', app.server.address());

// Ends the streams, so that clients reconnect elsewhere. Gives turns 30 s to end. Then closes the store.
async function close(): Promise<void> {
  app.server.close();
  await heddle.close();
  app.server.closeAllConnections();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
