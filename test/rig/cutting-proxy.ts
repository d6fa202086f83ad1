import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy whose connections a test can reset. */
export interface CuttingProxy {
  readonly url: string;
  /** The number of connections accepted so far. */
  readonly connections: number;
  /** Resets every open connection. */
  cut(): void;
  close(): void;
}

/** Starts a proxy in front of a port of this machine. It listens at `at`, by default at a free port. */
export async function createCuttingProxy(port: number, at = 0): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    cut,
    close: () => {
      server.close();
      cut();
    },
  };
}
