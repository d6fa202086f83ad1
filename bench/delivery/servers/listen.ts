import type { Server } from 'node:http';
import { isRecord } from '../../../src/protocol/internal.ts';

/** The keepalive interval in milliseconds, which is the first argument of every server. */
export const keepaliveMs: number = Number(process.argv[2] ?? 15_000);

/** Listens on a free port, and resolves with the port. */
export function listenOnPort(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // The backlog has room for all readers that may connect at once.
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => resolve(toPort(server.address())));
  });
}

/** Returns the port of a server's address. */
export function toPort(address: unknown): number {
  return isRecord(address) ? Number(address['port']) : NaN;
}
