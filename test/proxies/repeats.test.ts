// A server that dies with a request: the proxies of deploy/ must not send it to the next one, or again.
import { createServer } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createCertificate } from '../../src/node/certificate.fixture.ts';
import { createCaller } from '../rig/caller.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { findPort } from '../rig/redis-server.ts';
import { shippedProxies } from '../rig/shipped-proxies.ts';

const cleanUp = createCleanUp(afterAll);

test.each(shippedProxies)('$name does not repeat a request that the server has read', async (proxy) => {
  const read: string[] = [];
  const [port, serverPort] = [await findPort(), await findPort()];
  const server = createServer((socket) =>
    socket.once('data', (data) => {
      read.push(data.toString().split(' ', 1)[0] ?? '');
      socket.destroy();
    }),
  ).listen(serverPort, '127.0.0.1');
  cleanUp(() => server.close());
  const certificate = createCertificate();
  cleanUp(certificate.remove);
  cleanUp(await proxy.start({ port, upstream: `127.0.0.1:${serverPort}`, certificate }));
  const caller = createCaller('HTTP/1.1');
  cleanUp(caller.close);
  // With a prompt, a GET has an effect, too.
  for (const method of ['GET', 'POST', 'DELETE'])
    await caller.fetch(`https://localhost:${port}/stream?prompt=hi`, { method }).then(
      (response) => response.text(),
      // A proxy may also end the connection.
      () => '',
    );
  expect(read).toEqual(['GET', 'POST', 'DELETE']);
});
