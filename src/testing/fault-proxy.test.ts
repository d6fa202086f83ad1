import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { anyFaults } from './faults.ts';
import type { Plan } from './faults.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const letters = Buffer.from(Array.from({ length: 4_000 }, (_, index) => 97 + (index % 26)));

/** Starts a server that sends the same letters on each connection and, by default, ends it. */
async function serve(answer: (socket: Socket) => void = (socket) => socket.end(letters)): Promise<{
  readonly port: number;
  readonly sockets: readonly Socket[];
}> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function before(port: number, plan: Plan, seed = 1): Promise<FaultProxy> {
  const proxy = await createFaultProxy({ port, plan, seed });
  cleanups.push(() => proxy.close());
  return proxy;
}

/** Opens a connection whose errors are part of the test. */
function dial(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {});
}

/** Resolves at an event, even if an error comes before it. */
function until(socket: Socket, event: 'connect' | 'data' | 'close'): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()));
}

interface Got {
  readonly bytes: Buffer;
  readonly pieces: readonly number[];
  readonly end: 'fin' | 'rst';
}

/** Connects and reads to the end. */
function read(port: number, greeting?: string): Promise<Got> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    let end: Got['end'] = 'fin';
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => (end = 'rst'));
    socket.on('close', () =>
      resolve({ bytes: Buffer.concat(chunks), pieces: chunks.map(({ length }) => length), end }),
    );
    if (greeting !== undefined) socket.write(greeting);
  });
}

test('without faults the bytes pass unchanged, and a clean end stays clean', async () => {
  const { port } = await serve();
  const proxy = await before(port, () => ({}));
  expect(await read(proxy.port)).toMatchObject({ bytes: letters, end: 'fin' });
  expect(proxy.cuts).toBe(0);
});

test('a cut comes after the planned byte, as a reset or as a clean end', async () => {
  const { port } = await serve();
  for (const how of ['rst', 'fin'] as const) {
    const proxy = await before(port, (connection) => ({ down: { cut: { atByte: connection * 7, how } } }));
    for (const connection of [0, 1, 2, 30]) {
      while (proxy.decided.length < connection) await read(proxy.port);
      const got = await read(proxy.port);
      expect(got.end, `${how} of connection ${connection}`).toBe(how);
      expect(got.bytes, `${how} of connection ${connection}`).toEqual(letters.subarray(0, connection * 7));
    }
    expect(proxy.cuts).toBe(31);
  }
});

test('silence keeps the connection open and passes on nothing in either direction', async () => {
  const heard: string[] = [];
  const { port } = await serve((socket) => {
    socket.write(letters);
    socket.on('data', (chunk) => heard.push(String(chunk)));
  });
  const proxy = await before(port, () => ({ down: { cut: { atByte: 10, how: 'silence' } } }));
  const socket = dial(proxy.port);
  let size = 0;
  await new Promise<void>((resolve) =>
    socket.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size === 10) resolve();
    }),
  );
  socket.write('hello?');
  // Meanwhile another connection makes a whole round trip.
  proxy.plan = () => ({});
  await until(dial(proxy.port), 'data');
  expect([size, socket.readyState, heard]).toEqual([10, 'open', []]);
  const closed = until(socket, 'close');
  proxy.reset();
  await closed;
});

test('bytes go out in slices of one to three, whole and in order', async () => {
  const { port } = await serve((socket) => socket.end(letters.subarray(0, 300)));
  const proxy = await before(port, () => ({ down: { slice: { min: 1, max: 3 }, latencyMs: 1 } }));
  const { bytes, pieces } = await read(proxy.port);
  expect(bytes).toEqual(letters.subarray(0, 300));
  expect(pieces.length).toBeGreaterThan(50);
});

test('nothing goes out before holdBytes have arrived', async () => {
  const { port } = await serve((socket) => {
    socket.write(letters.subarray(0, 99));
    socket.once('data', () => socket.write(letters.subarray(99, 100)));
  });
  const firstSizes: number[] = [];
  for (const holdBytes of [0, 100]) {
    const proxy = await before(port, () => ({ down: { holdBytes } }));
    const socket = dial(proxy.port);
    // The client asks for the last byte when the others are either held back or here.
    if (holdBytes > 0) socket.write('go');
    await new Promise<void>((resolve) =>
      socket.once('data', (chunk: Buffer) => {
        firstSizes.push(chunk.length);
        resolve();
      }),
    );
  }
  expect(firstSizes).toEqual([99, 100]);
});

test('a refused connection is reset before any byte', async () => {
  const { port, sockets } = await serve();
  const proxy = await before(port, () => ({ refuse: true }));
  expect(await read(proxy.port)).toMatchObject({ bytes: Buffer.alloc(0) });
  expect([proxy.cuts, sockets.length]).toEqual([1, 0]);
});

test('bytesPerSecond limits the rate', async () => {
  const { port } = await serve((socket) => socket.end(letters.subarray(0, 400)));
  const proxy = await before(port, () => ({ down: { bytesPerSecond: 4_000 } }));
  const { bytes, pieces } = await read(proxy.port);
  expect(bytes).toEqual(letters.subarray(0, 400));
  expect(pieces.length).toBeGreaterThan(2);
});

test('a cut works on the bytes of the client too', async () => {
  const heard: Buffer[] = [];
  const { port } = await serve((socket) => socket.on('data', (chunk: Buffer) => heard.push(chunk)));
  const proxy = await before(port, () => ({ up: { cut: { atByte: 5, how: 'fin' } } }));
  const socket = dial(proxy.port);
  socket.write('hello world');
  await until(socket, 'close');
  await vi.waitFor(() => expect(Buffer.concat(heard).toString()).toBe('hello'));
});

test('a reset on one side closes the connection on the other side', async () => {
  const { port, sockets } = await serve((socket) => socket.write('hi'));
  const proxy = await before(port, () => ({}));
  const leaver = dial(proxy.port);
  await until(leaver, 'data');
  const gone = until(sockets[0] ?? leaver, 'close');
  leaver.resetAndDestroy();
  await gone;
  const stayer = dial(proxy.port);
  await until(stayer, 'data');
  const lost = until(stayer, 'close');
  sockets[1]?.resetAndDestroy();
  await lost;
});

test('the same seed repeats the faults, and another seed changes them', async () => {
  const { port } = await serve();
  const runs = [];
  for (const seed of [7, 7, 8]) {
    const proxy = await before(port, anyFaults, seed);
    const got = [];
    for (let connection = 0; connection < 6; connection += 1) {
      const socket = dial(proxy.port);
      await vi.waitFor(() => expect(proxy.decided).toHaveLength(connection + 1));
      got.push(proxy.decided[connection]);
      socket.destroy();
    }
    runs.push(got);
    expect(proxy.seed).toBe(seed);
  }
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]).not.toEqual(runs[2]);
});
