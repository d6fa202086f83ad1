import { fileURLToPath } from 'node:url';
import { isRecord } from 'heddle';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { readCpuSeconds } from './process-figures.ts';
import { node } from './script-server.ts';
import type { RunningServer, ServerKind, ServerOptions } from './server.ts';
import type { Speech } from './speech.ts';
import type { Target, Visits } from './visit.ts';

/** A server, and the process that loads it. */
export interface Pair {
  readonly server: RunningServer;
  readonly load: Child;
}

/** What came of a speech. */
export interface Delivery {
  readonly perCpuSecond: number;
  /** How much of its core the server took, and the load generator of the other. */
  readonly serverShare: number;
  readonly loadShare: number;
  /** From when an event was said until its reader had it. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Starts a server and a load generator, and stops both when `use` is done. */
export async function withPair<Result>(
  kind: ServerKind,
  options: ServerOptions,
  use: (pair: Pair) => Promise<Result>,
): Promise<Result> {
  const script = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const load = await startChild('load', [...node, script]);
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
export async function connect({ server, load }: Pair, streams: number, readers: number): Promise<void> {
  const paths = Array.from({ length: streams * readers }, (_, index) => server.path(index % streams));
  await load.ask({ type: 'connect', port: server.port, paths });
}

/** Has the server say something and waits until all `readers` that read have it; rejects where a stream is not complete and in order. */
export async function deliver({ server, load }: Pair, speech: Speech, readers: number): Promise<Delivery> {
  const measure = (): readonly [number, number, number] => [
    performance.now() / 1000,
    readCpuSeconds(server.pids),
    readCpuSeconds([load.pid]),
  ];
  const before = measure();
  const arriving = load.ask({ type: 'expect', count: speech.count });
  await server.say(speech);
  const { p50Ms, p99Ms } = checkArrival(await arriving);
  const [wall, cpu, loadCpu] = measure().map((now, index) => now - (before[index] ?? NaN));
  const [wallS = NaN, cpuS = NaN, loadCpuS = NaN] = [wall, cpu, loadCpu];
  return {
    perCpuSecond: (speech.count * readers) / cpuS,
    serverShare: cpuS / wallS,
    loadShare: loadCpuS / wallS,
    p50Ms,
    p99Ms,
  };
}

/** A delivery in the order of the columns `delivered`. */
export function toFigures({
  perCpuSecond,
  p50Ms,
  p99Ms,
  serverShare,
  loadShare,
}: Delivery): readonly number[] {
  return [perCpuSecond, p50Ms, p99Ms, serverShare * 100, loadShare * 100];
}

/** Has a visitor come to each of the server's targets in turn, `times` times. */
export async function visit(
  { server, load }: Pair,
  targets: readonly Target[],
  times: number,
): Promise<readonly Visits[]> {
  const { visits } = await load.ask({ type: 'visit', port: server.port, targets, times });
  if (!Array.isArray(visits)) throw new TypeError('The load generator told of no visits.');
  return visits.filter(isRecord).map(({ firstByteP50Ms, firstEventP50Ms }) => ({
    firstByteP50Ms: Number(firstByteP50Ms),
    firstEventP50Ms: Number(firstEventP50Ms),
  }));
}

/** Throws an Error that names the first faults, where there are any. */
export function checkArrival(arrival: Readonly<Record<string, unknown>>): { p50Ms: number; p99Ms: number } {
  const { p50Ms, p99Ms, faults } = arrival;
  if (!Array.isArray(faults) || faults.length > 0)
    throw new Error(`Not all was delivered: ${String(faults)}`);
  return { p50Ms: Number(p50Ms), p99Ms: Number(p99Ms) };
}
