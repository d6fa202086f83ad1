import { connect } from 'node:net';
import { toRawRequest } from './request.ts';
import { createSample } from './sample.ts';

/** A stream, and the id of the last event that its visitors have. */
export interface VisitTarget {
  readonly path: string;
  readonly after?: string | undefined;
}

/** How long the visitors of one stream waited, from the connection on, in milliseconds. */
export interface Visits {
  readonly firstByteP50Ms: number;
  readonly firstEventP50Ms: number;
}

/**
 * Visits each target in turn, `times` times, one visitor at a time. A visitor leaves after the first event.
 */
export async function visit(
  port: number,
  targets: readonly VisitTarget[],
  times: number,
): Promise<readonly Visits[]> {
  const samples = targets.map(() => ({ firstByte: createSample(), firstEvent: createSample() }));
  for (let time = 0; time < times; time += 1) {
    for (const [index, { path, after }] of targets.entries()) {
      const waited = await visitOnce(port, toRawRequest(path, after));
      samples[index]?.firstByte.add(waited.firstByteMs);
      samples[index]?.firstEvent.add(waited.firstEventMs);
    }
  }
  return samples.map(({ firstByte, firstEvent }) => ({
    firstByteP50Ms: firstByte.percentile(0.5),
    firstEventP50Ms: firstEvent.percentile(0.5),
  }));
}

function visitOnce(port: number, request: string): Promise<{ firstByteMs: number; firstEventMs: number }> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    let firstByteMs: number | undefined;
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('The stream ended before its first event.')));
    socket.on('data', (bytes: Buffer) => {
      firstByteMs ??= performance.now() - begun;
      if (!bytes.includes('#')) return;
      resolve({ firstByteMs, firstEventMs: performance.now() - begun });
      socket.destroy();
    });
    socket.write(request);
  });
}
