import { toDelays, deliverAll } from './deliver.ts';
import { connectPair, withPair } from './pair.ts';
import type { ServerKind } from './server.ts';

/**
 * Runs the code of the benchmarks for a short time, to check the streams alone. Rejects if a stream is
 * incomplete or out of order. The streams have one reader each, many readers, and readers that stop for
 * longer than any buffer lasts and then read on.
 */
export async function smoke(kind: ServerKind): Promise<void> {
  await withPair(kind, { streams: 40 }, async (pair) => {
    await connectPair(pair, 40, 1);
    await deliverAll(pair, { streams: 40, count: 96, perSecond: 100, burst: 1, by: 'agent' }, 40);
    await deliverAll(pair, { streams: 40, count: 96, perSecond: 100, burst: 8, by: 'agent' }, 40);
    await deliverAll(pair, { streams: 40, count: 96, perSecond: 100, burst: 8, by: 'log' }, 40);
  });
  await withPair(kind, { streams: 1 }, async (pair) => {
    await connectPair(pair, 1, 60);
    await pair.load.ask({ type: 'stall', count: 20 });
    await deliverAll(
      pair,
      { streams: 1, count: 200, perSecond: 100, burst: 4, by: 'log', padding: 32_000 },
      40,
    );
    toDelays(await pair.load.ask({ type: 'expect', count: 0, stalled: 'too' }));
  });
}
