// node:http and `res.write`, without a library.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { keepaliveMs, listenOnPort } from './listen.ts';
import { runPeer } from './peer.ts';

await runPeer((readers) => {
  const open = new Set<ServerResponse>();
  setInterval(() => {
    for (const response of open) response.write(': keepalive\n\n');
  }, keepaliveMs);
  return listenOnPort(
    createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(': hello\n\n');
      open.add(response);
      const leave = readers.add(request.url ?? '', ({ frame }) => response.write(frame));
      response.on('close', () => {
        leave();
        open.delete(response);
      });
    }),
  );
});
