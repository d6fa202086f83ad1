import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { Cut, Shape } from './faults.ts';
import type { Random } from './random.ts';

/** How one direction of a connection ended: by itself, or by a cut. */
export type Passed = 'end' | Cut;

/**
 * Passes bytes on in a shape, no faster than `to` takes them. Resolves with how the direction ended. Only the
 * place of a byte decides where pieces begin and end, not how the bytes arrive.
 */
export async function shapeBytes(
  from: AsyncIterable<Buffer>,
  to: Socket,
  shape: Shape,
  random: Random,
  signal: AbortSignal,
): Promise<Passed> {
  const { cut, latencyMs = 0, jitterMs = 0, bytesPerSecond = Infinity } = shape;
  const slicer = createSlicer(shape, random);
  let passed = 0;
  if (cut?.atByte === 0) return cut.how;
  for await (const chunk of hold(from, shape.holdBytes ?? 0)) {
    for (let at = 0; at < chunk.length;) {
      const room = (cut?.atByte ?? Infinity) - passed;
      const piece = chunk.subarray(at, at + Math.min(slicer.room(), room));
      const ms = latencyMs + jitterMs * random.next() + (1000 * piece.length) / bytesPerSecond;
      if (ms >= 1) await delay(ms, undefined, { signal });
      await write(to, piece, signal);
      slicer.take(piece.length);
      at += piece.length;
      passed += piece.length;
      if (cut?.atByte === passed) return cut.how;
    }
  }
  return 'end';
}

/** Counts the bytes that are left in the current piece. */
function createSlicer(
  { slice, bytesPerSecond }: Shape,
  random: Random,
): { room(): number; take(bytes: number): void } {
  // Without pieces, a rate would send whole chunks in bursts.
  const burst = bytesPerSecond === undefined ? Infinity : Math.max(1, Math.floor(bytesPerSecond / 50));
  const next = (): number => (slice ? random.integer(slice.min, slice.max) : burst);
  let left = next();
  return {
    room: () => left,
    take: (bytes) => {
      left -= bytes;
      if (left <= 0) left = next();
    },
  };
}

async function* hold(from: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void, void> {
  const held: Buffer[] = [];
  let size = 0;
  for await (const chunk of from) {
    if (size >= bytes) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    size += chunk.length;
    if (size >= bytes) yield Buffer.concat(held.splice(0));
  }
  if (held.length > 0) yield Buffer.concat(held);
}

/** Resolves when the operating system has the bytes, so a later cut does not take them back. */
function write(to: Socket, piece: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted || to.destroyed) {
      reject(new Error('The connection is closed.'));
      return;
    }
    to.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}
