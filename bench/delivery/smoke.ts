import { toDelays, deliverAll } from './deliver.ts';
import { connectPair, withPair } from './pair.ts';
import type { ServerKind } from './server.ts';

/**
 * A short run of the same code that measures, for its shape alone: rejects where a stream is not complete and in order, to one reader each, to many, and
 * to readers that stopped for longer than any buffer lasts and then read on.
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
