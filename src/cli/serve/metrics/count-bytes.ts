import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Returns a function that returns the bytes sent on a server's connections so far. Each socket counts its
 * own.
 */
export function countBytes(http: Server): () => number {
  const open = new Set<Socket>();
  let past = 0;
  http.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      past += socket.bytesWritten;
    });
  });
  return () => {
    let total = past;
    for (const { bytesWritten } of open) total += bytesWritten;
    return total;
  };
}
