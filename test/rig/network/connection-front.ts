import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { ConnectionFaults } from './network-faults.ts';

/** A TCP relay whose connections can die without a word. */
export interface ConnectionFront {
  readonly port: number;
  /** How many connections have been made. */
  readonly connections: number;
  close(): void;
}

/** Starts a relay on a free port. `toFaults` is called for each connection. */
export async function startConnectionFront(
  port: number,
  toFaults: () => ConnectionFaults,
): Promise<ConnectionFront> {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    connections += 1;
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      // 'close' follows an error.
      socket.on('error', () => {});
      socket.once('close', () => open.delete(socket));
    }
    const faults = toFaults();
    relay(near, far, connections > (faults.first ?? Infinity) ? {} : faults);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close() {
      server.close();
      for (const socket of open) socket.resetAndDestroy();
    },
  };
}

function relay(near: Socket, far: Socket, { halfOpenAfterMs, forgetAfterMs }: ConnectionFaults): void {
  let isDead = false;
  const die = (): void => void (isDead = true);
  const forgetting = forgetAfterMs === undefined ? undefined : setTimeout(die, forgetAfterMs);
  const dying = halfOpenAfterMs === undefined ? undefined : setTimeout(die, halfOpenAfterMs);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on('data', (bytes) => {
      if (isDead) return;
      forgetting?.refresh();
      if (to.write(bytes)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.once('end', () => {
      if (!isDead) to.end();
    });
    from.once('close', () => {
      if (isDead || to.writableEnded) return;
      clearTimeout(forgetting);
      clearTimeout(dying);
      to.resetAndDestroy();
    });
  }
}
