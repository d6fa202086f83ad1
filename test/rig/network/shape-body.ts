import { setTimeout as delay } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';
import type { BodyFaults } from './network-faults.ts';

type Chunks = AsyncIterable<Buffer>;

/** Returns the chunks of a body as the network passes them on. */
export function shapeBody(
  chunks: Chunks,
  { gzip, hold, blocksOf, clumpsMs }: BodyFaults,
  acceptsGzip: boolean,
): Chunks {
  let shaped = chunks;
  if (gzip !== undefined && acceptsGzip) shaped = compress(shaped, gzip === 'flushed');
  if (hold !== undefined) shaped = inBlocks(shaped, Infinity);
  if (blocksOf !== undefined) shaped = inBlocks(shaped, blocksOf);
  if (clumpsMs !== undefined) shaped = inClumps(shaped, clumpsMs);
  return shaped;
}

async function* inBlocks(chunks: Chunks, size: number): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    const whole = size === Infinity ? 0 : held.length - (held.length % size);
    if (whole === 0) continue;
    yield held.subarray(0, whole);
    held = held.subarray(whole);
  }
  if (held.length > 0) yield held;
}

async function* inClumps(chunks: Chunks, ms: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  const source = { ended: false };
  const reading = (async () => {
    for await (const chunk of chunks) held.push(chunk);
  })().finally(() => (source.ended = true));
  // The error is thrown at the end, when what came before it has been passed on.
  reading.catch(() => {});
  while (!source.ended) {
    await Promise.race([delay(ms), reading.catch(() => {})]);
    if (held.length > 0) yield Buffer.concat(held);
    held = [];
  }
  await reading;
}

async function* compress(chunks: Chunks, isFlushed: boolean): AsyncGenerator<Buffer> {
  const zip = createGzip({ flush: isFlushed ? constants.Z_SYNC_FLUSH : constants.Z_NO_FLUSH });
  const writing = (async () => {
    for await (const chunk of chunks) zip.write(chunk);
    zip.end();
  })();
  writing.catch((error: unknown) => zip.destroy(error instanceof Error ? error : new Error('cut')));
  yield* zip as AsyncIterable<Buffer>;
}
