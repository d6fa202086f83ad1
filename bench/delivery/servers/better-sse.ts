import { createServer } from 'node:http';
import { createSession } from 'better-sse';
import { keepaliveMs, listenOnPort } from './listen.ts';
import { runPeer } from './peer.ts';

await runPeer((readers) =>
  listenOnPort(
    createServer((request, response) => {
      // The data is JSON already, so nothing serializes it again.
      void createSession(request, response, { keepAlive: keepaliveMs, serializer: String }).then(
        (session) => {
          const leave = readers.add(request.url ?? '', ({ id, data }) => session.push(data, 'message', id));
          session.on('disconnected', leave);
        },
      );
    }),
  ),
);
