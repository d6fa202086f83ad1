import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Faults, Plan, Shape } from './faults.ts';
import { createRandom } from './random.ts';
import { shapeBytes } from './shape-bytes.ts';
import type { Passed } from './shape-bytes.ts';

export interface FaultProxyOptions {
  /**
   * The port of the server behind the proxy. A function is called for each connection, for servers that
   * restart on another port.
   */
  readonly port: number | (() => number);
  /**
   * The host of the server.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /** Decides the faults of each connection. Can be replaced later with `proxy.plan`. */
  readonly plan: Plan;
  /**
   * The seed of the faults. The same seed and plan give each connection the same faults.
   * @default a new one; see `proxy.seed`
   */
  readonly seed?: number;
}

/** A TCP proxy that gives connections the faults of a network. */
export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  readonly seed: number;
  /** The faults of each connection so far, in the order of the connections. */
  readonly decided: readonly Faults[];
  /** How many connections were ended by a cut of the plan. */
  readonly cuts: number;
  /** The plan for later connections. */
  plan: Plan;
  /** Resets every open connection. */
  reset(): void;
  /** Resets every open connection and accepts no new ones. */
  close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback interface. */
export async function createFaultProxy({
  port: farPort,
  host = '127.0.0.1',
  plan,
  seed = Math.floor(Math.random() * 2 ** 31),
}: FaultProxyOptions): Promise<FaultProxy> {
  const random = createRandom(seed);
  const open = new Set<Socket>();
  const decided: Faults[] = [];
  let cuts = 0;

  const track = (socket: Socket): Socket => {
    open.add(socket);
    socket.setNoDelay(true);
    // 'close' follows an error. Without a listener an error would end the process.
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
    return socket;
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    track(near);
    const count = decided.length;
    const mine = random.fork(count);
    const faults = proxy.plan(count, mine.fork('plan'));
    decided.push(faults);
    if (faults.refuse) {
      cuts += 1;
      near.resetAndDestroy();
      return;
    }
    const to = typeof farPort === 'function' ? farPort() : farPort;
    const far = track(connect({ port: to, host, allowHalfOpen: true }));
    const closed = new AbortController();
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.once('close', () => {
        if (closed.signal.reason === 'silence') return;
        closed.abort('closed');
        // If one side closes, the other is reset. It is not reset if it was ended already, because its last
        // bytes are still on their way.
        if (!other.writableEnded) other.resetAndDestroy();
      });
    }
    const pass = (from: Socket, onward: Socket, shape: Shape = {}, name: string): void => {
      // A cut ends the loop without destroying the socket: a silent connection stays open.
      const source = from.iterator({ destroyOnReturn: false });
      void shapeBytes(source, onward, shape, mine.fork(name), closed.signal).then(
        (how) => {
          if (how !== 'end') cuts += 1;
          if (how === 'silence') closed.abort('silence');
          finish(how, from, onward);
        },
        () => {
          if (closed.signal.reason === 'silence') near.resume();
          else near.resetAndDestroy();
        },
      );
    };
    pass(near, far, faults.up, 'up');
    pass(far, near, faults.down, 'down');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const reset = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    port,
    seed,
    decided,
    get cuts() {
      return cuts;
    },
    plan,
    reset,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      reset();
      await closed;
    },
  };
  return proxy;
}

function finish(how: Passed, from: Socket, onward: Socket): void {
  switch (how) {
    case 'end':
      onward.end();
      return;
    case 'rst':
      onward.resetAndDestroy();
      from.resetAndDestroy();
      return;
    case 'fin':
      onward.end();
      from.resetAndDestroy();
      return;
    case 'silence':
      // As behind a pulled cable, neither side notices anything. Bytes are read and dropped, and ends are not
      // passed on.
      from.resume();
      onward.resume();
  }
}
