// A connection passes bytes on in both directions, and no side gets more than it takes.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HttpConnection, toSocket } from './http-connection.ts';

/** A client that does not read yet, and the server's side of its connection. */
async function pair(): Promise<{
  client: Socket;
  socket: Socket;
  connection: HttpConnection;
  taken: Socket[];
}> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [socket]: Socket[] = await once(server, 'connection');
  if (socket === undefined) throw new Error('There is no socket.');
  onTestFinished(() => void server.close());
  onTestFinished(() => void socket.destroy());
  onTestFinished(() => void client.destroy());
  const taken: Socket[] = [];
  return { client, socket, connection: new HttpConnection(socket, (each) => taken.push(each)), taken };
}

async function read(from: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of from) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const MiB = 1024 * 1024;

test.each(['one write', 'writes in one packet'])(
  'a writer waits for a client that does not read, after %s',
  async (how) => {
    const { client, socket, connection } = await pair();
    let isTaken = false;
    if (how !== 'one write') connection.cork();
    connection.write('x'.repeat(16 * MiB));
    connection.write(Buffer.from('y'), () => (isTaken = true));
    connection.uncork();
    // Long enough for the callbacks of writes that do not wait.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect([isTaken, connection.writableLength > 0]).toEqual([false, true]);
    expect(socket.writableLength).toBeGreaterThan(0);
    client.resume();
    await vi.waitFor(() => expect(isTaken).toBe(true));
  },
);

test('destroySoon sends all that was written, to a slow client too', async () => {
  const { client, socket, connection } = await pair();
  let size = 0;
  // The kernel's buffers are full, and the socket has room yet.
  while (socket.writableLength === 0) {
    connection.write('x'.repeat(1024));
    size += 1024;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(connection.writableLength).toBe(0);
  connection.destroySoon();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(await read(client)).toHaveLength(size);
  await vi.waitFor(() => expect(socket.destroyed && connection.destroyed).toBe(true));
});

test('a client that sends more than is read waits, and nothing is lost', async () => {
  const { client, socket, connection } = await pair();
  const sent = 'x'.repeat(8 * MiB);
  client.end(sent);
  await vi.waitFor(() => expect(socket.isPaused()).toBe(true));
  expect(connection.readableLength).toBeLessThan(MiB);
  expect(await read(connection)).toHaveLength(sent.length);
});

test('a socket that was given away is no longer touched by its connection', async () => {
  const { client, socket, connection, taken } = await pair();
  connection.setTimeout(1_000);
  connection.write('before ');
  expect([connection.release(), connection.release(), taken]).toEqual([socket, undefined, [socket]]);
  expect(socket.timeout).toBe(0);
  connection.write('lost');
  connection.destroySoon();
  await once(connection, 'close');
  expect(socket.destroyed).toBe(false);
  socket.end('after');
  expect(await read(client)).toBe('before after');
});

test('an error of the socket is one of the connection', async () => {
  const { connection, socket } = await pair();
  const error = new Error('reset');
  socket.destroy(error);
  expect(await once(connection, 'error')).toEqual([error]);
  expect(connection.destroyed).toBe(true);
});

test('a response’s own socket is found, with a connection before it or not', async () => {
  const { connection, socket } = await pair();
  expect(toSocket(connection as unknown as Socket)).toBe(socket);
  expect(toSocket(socket)).toBe(socket);
  expect(toSocket(null)).toBeUndefined();
});
