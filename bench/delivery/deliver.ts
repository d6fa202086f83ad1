import type { Pair } from './pair.ts';
import { readCpuTime } from './process-figures.ts';
import type { SpokenLoad } from './speech.ts';

/** What came of a speech. */
export interface DeliveryResult {
  readonly perCpuSecond: number;
  /** How much of the time the server and the load generator were at work, and how much the server's threads waited for their core. */
  readonly serverShare: number;
  readonly loadShare: number;
  readonly waitedShare: number;
  /** From when an event was said until its reader had it. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Has the server say something and waits until all `readers` that read have it; rejects where a stream is not complete and in order. */
export async function deliverAll(
  { server, load }: Pair,
  speech: SpokenLoad,
  readers: number,
): Promise<DeliveryResult> {
  const measure = (): readonly number[] => {
    const { taken, waited } = readCpuTime(server.pids);
    return [performance.now() / 1000, taken, waited, readCpuTime([load.pid]).taken];
  };
  const before = measure();
  const arriving = load.ask({ type: 'expect', count: speech.count });
  await server.say(speech);
  const { p50Ms, p99Ms } = toDelays(await arriving);
  const [wall = NaN, cpu = NaN, waited = NaN, loadCpu = NaN] = measure().map(
    (now, index) => now - (before[index] ?? NaN),
  );
  return {
    perCpuSecond: (speech.count * readers) / cpu,
    serverShare: cpu / wall,
    loadShare: loadCpu / wall,
    waitedShare: waited / wall,
    p50Ms,
    p99Ms,
  };
}

/** A delivery in the order of the columns `delivered`. */
export function toFigures(delivery: DeliveryResult): readonly number[] {
  const { perCpuSecond, p50Ms, p99Ms, serverShare, loadShare, waitedShare } = delivery;
  return [perCpuSecond, p50Ms, p99Ms, serverShare * 100, loadShare * 100, waitedShare * 100];
}

/** Throws an Error that names the first faults, where there are any. */
export function toDelays(arrival: Readonly<Record<string, unknown>>): { p50Ms: number; p99Ms: number } {
  const { p50Ms, p99Ms, faults } = arrival;
  if (!Array.isArray(faults) || faults.length > 0)
    throw new Error(`Not all was delivered: ${String(faults)}`);
  return { p50Ms: Number(p50Ms), p99Ms: Number(p99Ms) };
}
