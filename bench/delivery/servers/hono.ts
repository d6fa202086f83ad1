import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { Server } from 'node:http';
import { keepaliveMs, listenOnPort } from './listen.ts';
import { runPeer } from './peer.ts';

await runPeer((readers) => {
  const app = new Hono();
  app.get('/stream/:name', (context) =>
    streamSSE(context, async (stream) => {
      await stream.write(': hello\n\n');
      const keepalive = setInterval(() => void stream.write(': keepalive\n\n'), keepaliveMs);
      const leave = readers.add(context.req.path, ({ id, data }) => void stream.writeSSE({ id, data }));
      // The stream ends with this function.
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      clearInterval(keepalive);
      leave();
    }),
  );
  const server = createAdaptorServer(app);
  if (!(server instanceof Server)) throw new TypeError('That is no HTTP/1.1 server.');
  return listenOnPort(server);
});
