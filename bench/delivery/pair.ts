import { fileURLToPath } from 'node:url';
import { isRecord } from '../../src/protocol/internal.ts';
import { startBenchChild } from './child.ts';
import type { BenchChild } from './child.ts';
import type { RunningServer, ServerKind, BenchServerOptions } from './server.ts';
import { node } from './start-script.ts';
import type { VisitTarget, Visits } from './visit.ts';

/** A server and the process that loads it. */
export interface Pair {
  readonly server: RunningServer;
  readonly load: BenchChild;
}

/** Starts a server and a load generator, and stops both after `use`. */
export async function withPair<Result>(
  kind: ServerKind,
  options: BenchServerOptions,
  use: (pair: Pair) => Promise<Result>,
): Promise<Result> {
  const script = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const load = await startBenchChild('load', [...node, script]);
  try {
    const server = await kind.start(options);
    try {
      return await use({ server, load });
    } finally {
      await server.stop();
    }
  } finally {
    await load.stop();
  }
}

/** Opens `readers` readers on each of the first `streams` streams. */
export async function connectPair({ server, load }: Pair, streams: number, readers: number): Promise<void> {
  const paths = Array.from({ length: streams * readers }, (_, index) => server.path(index % streams));
  await load.ask({ type: 'connect', port: server.port, paths });
}

/** Visits each of the server's targets in turn, `times` times. */
export async function visitPair(
  { server, load }: Pair,
  targets: readonly VisitTarget[],
  times: number,
): Promise<readonly Visits[]> {
  const { visits } = await load.ask({ type: 'visit', port: server.port, targets, times });
  if (!Array.isArray(visits)) throw new TypeError('The load generator told of no visits.');
  return visits.filter(isRecord).map(({ firstByteP50Ms, firstEventP50Ms }) => ({
    firstByteP50Ms: Number(firstByteP50Ms),
    firstEventP50Ms: Number(firstEventP50Ms),
  }));
}
