import { fastifySSE } from '@fastify/sse';
import fastify from 'fastify';
import { keepaliveMs, toPort } from './listen.ts';
import { runPeer } from './peer.ts';

await runPeer(async (readers) => {
  const app = fastify();
  // The data is JSON already, so nothing serializes it again.
  await app.register(fastifySSE, { heartbeatInterval: keepaliveMs, serializer: String });
  app.get('/stream/:name', { sse: 'only' }, async (request, reply) => {
    reply.sse.keepAlive();
    reply.sse.sendHeaders();
    reply.raw.write(': hello\n\n');
    reply.sse.onClose(readers.add(request.url, ({ id, data }) => void reply.sse.send({ id, data })));
  });
  await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  return toPort(app.server.address());
});
