import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

/** A way to carry the streams of readers. */
export interface Carriage {
  readonly name: string;
  readonly isSecure: boolean;
  /** How many readers share a connection of HTTP/2. Without it, each has one of HTTP/1.1. */
  readonly perConnection?: number;
}

/** Readers of one stream. */
export interface Audience {
  /** Resolves when each reader has received `count` events, and rejects if one of them leaves before. */
  received(count: number): Promise<void>;
  /** Closes all connections. */
  leave(): void;
}

/** Opens readers. `ca` is the server's certificate. */
export async function openAudience(
  { isSecure, perConnection }: Carriage,
  target: URL,
  ca: string,
  readers: number,
): Promise<Audience> {
  const connections: { destroy(): void }[] = [];
  const bodies: Duplex[] = [];
  const port = Number(target.port);
  while (bodies.length < readers) {
    const socket = isSecure
      ? connectTls({
          port,
          host: '127.0.0.1',
          servername: 'localhost',
          ca,
          ALPNProtocols: perConnection === undefined ? ['http/1.1'] : ['h2'],
        })
      : connect(port, '127.0.0.1');
    await once(socket, isSecure ? 'secureConnect' : 'connect');
    connections.push(socket);
    if (perConnection === undefined) {
      socket.write(`GET ${target.pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      bodies.push(socket);
      continue;
    }
    const session = connectHttp2('https://localhost', { createConnection: () => socket });
    for (let shared = 0; shared < perConnection && bodies.length < readers; shared += 1)
      bodies.push(session.request({ ':path': target.pathname }));
  }
  const each = bodies.map(countEvents);
  return {
    received: async (count) => void (await Promise.all(each.map((waitFor) => waitFor(count)))),
    leave: () => {
      for (const connection of connections) connection.destroy();
    },
  };
}

const mark = '"type":"content"';

/** Counts the events of one body. Returns the function that waits for a number of them. */
function countEvents(body: Duplex): (count: number) => Promise<void> {
  let found = 0;
  let rest = '';
  let check = (): void => {};
  body.setEncoding('latin1').on('data', (chunk: string) => {
    const text = rest + chunk;
    let at = 0;
    for (let next = text.indexOf(mark); next >= 0; next = text.indexOf(mark, at)) {
      found += 1;
      at = next + mark.length;
    }
    rest = text.slice(Math.max(at, text.length - mark.length + 1));
    check();
  });
  body.on('error', () => {});
  body.on('close', () => check());
  return (count) =>
    new Promise((resolve, reject) => {
      check = () => {
        if (found >= count) resolve();
        else if (body.destroyed) reject(new Error(`A reader left after ${found} events.`));
      };
      check();
    });
}
