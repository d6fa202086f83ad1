import type { Pair } from './pair.ts';
import { readCpuTime } from './process-figures.ts';
import type { SpokenLoad } from './speech.ts';

/** The figures of one delivery. */
export interface DeliveryResult {
  readonly perCpuSecond: number;
  /**
   * The share of the time in which the server and the load generator used CPU, and in which the server's
   * threads waited for their core.
   */
  readonly serverShare: number;
  readonly loadShare: number;
  readonly waitedShare: number;
  /** The time from the creation of an event until its reader received it. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Lets the server send events, and waits until all `readers` that read have received them. Rejects if a
 * stream is incomplete or out of order.
 */
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
  const [arrival] = await Promise.all([
    load.ask({ type: 'expect', count: speech.count }),
    server.say(speech),
  ]);
  const { p50Ms, p99Ms } = toDelays(arrival);
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

/** Returns the figures of a delivery in the order of the columns `delivered`. */
export function toFigures(delivery: DeliveryResult): readonly number[] {
  const { perCpuSecond, p50Ms, p99Ms, serverShare, loadShare, waitedShare } = delivery;
  return [perCpuSecond, p50Ms, p99Ms, serverShare * 100, loadShare * 100, waitedShare * 100];
}

/** Returns the delays of an arrival. Throws an Error with the first faults, if there are any. */
export function toDelays(arrival: Readonly<Record<string, unknown>>): { p50Ms: number; p99Ms: number } {
  const { p50Ms, p99Ms, faults } = arrival;
  if (!Array.isArray(faults) || faults.length > 0)
    throw new Error(`Not all was delivered: ${String(faults)}`);
  return { p50Ms: Number(p50Ms), p99Ms: Number(p99Ms) };
}
