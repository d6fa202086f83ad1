import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Faults, Plan, Shape } from './faults.ts';
import { createRandom } from './random.ts';
import { shapeBytes } from './shape-bytes.ts';
import type { Passed } from './shape-bytes.ts';

export interface FaultProxyOptions {
  /** The port it stands before; a function is asked at each connection, for servers that come back elsewhere. */
  readonly port: number | (() => number);
  /**
   * The host it stands before.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /** What happens to each connection. Replace it with `proxy.plan`. */
  readonly plan: Plan;
  /**
   * The same seed and plan decide the same for each connection.
   * @default a new one; see `proxy.seed`
   */
  readonly seed?: number;
}

/** A TCP proxy that does to connections what networks do. */
export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  readonly seed: number;
  /** What was decided for each connection so far, in the order in which they came. */
  readonly decided: readonly Faults[];
  /** How many connections were ended by a cut of the plan. */
  readonly cuts: number;
  /** Plans the connections to come. */
  plan: Plan;
  /** Resets every open connection. */
  reset(): void;
  /** Resets them and takes no new ones. */
  close(): Promise<void>;
}

/** Starts a proxy on a port of its own of the loopback interface. */
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
    // An error is followed by 'close'; without a listener it would end the process.
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
        // Whoever vanishes takes the other side along, unless that was ended already: then its last bytes are on their way.
        if (!other.writableEnded) other.resetAndDestroy();
      });
    }
    const pass = (from: Socket, onward: Socket, shape: Shape = {}, name: string): void => {
      // Left alone when a cut ends the loop: a silent connection stays open.
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
      // Neither side is told anything: what comes is taken and thrown away, and the ends are not passed on, as behind a cable that was pulled.
      from.resume();
      onward.resume();
  }
}
