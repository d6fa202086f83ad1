import type { Server } from 'node:http';
import { isRecord } from '../../../src/protocol/internal.ts';

/** How long a stream may be silent; the first argument of every server. */
export const keepaliveMs: number = Number(process.argv[2] ?? 15_000);

/** Starts to listen on a free port; resolves with it. */
export function listenOnPort(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // As many as may come at once.
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => resolve(toPort(server.address())));
  });
}

/** The port of a server's address. */
export function toPort(address: unknown): number {
  return isRecord(address) ? Number(address['port']) : NaN;
}
