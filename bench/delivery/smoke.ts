import { toDelays, deliverAll } from './deliver.ts';
import { connectPair, withPair } from './pair.ts';
import type { ServerKind } from './server.ts';
import { scaled } from './work.ts';

/**
 * Runs the code of the benchmarks for a short time, to check the streams alone. Rejects if a stream is
 * incomplete or out of order. A server does what its workloads have: streams with one reader each, one stream
 * with many readers, and readers that stop for longer than any buffer lasts and then read on.
 */
export async function smoke(kind: ServerKind): Promise<void> {
  if (kind.works.includes('unicast')) await readEach(kind);
  if (kind.works.includes('stalled')) await stall(kind);
  else if (kind.works.includes('broadcast')) await readTogether(kind);
}

function readEach(kind: ServerKind): Promise<void> {
  const streams = scaled(40, kind.share ?? 1);
  return withPair(kind, { streams }, async (pair) => {
    await connectPair(pair, streams, 1);
    await deliverAll(pair, { streams, count: 48, perSecond: 100, burst: 1, by: 'agent' }, streams);
    await deliverAll(pair, { streams, count: 48, perSecond: 100, burst: 8, by: 'agent' }, streams);
    await deliverAll(pair, { streams, count: 48, perSecond: 100, burst: 8, by: 'log' }, streams);
  });
}

function readTogether(kind: ServerKind): Promise<void> {
  return withPair(kind, { streams: 1 }, async (pair) => {
    await connectPair(pair, 1, 60);
    await deliverAll(pair, { streams: 1, count: 96, perSecond: 400, burst: 8, by: 'log' }, 60);
  });
}

function stall(kind: ServerKind): Promise<void> {
  return withPair(kind, { streams: 1 }, async (pair) => {
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
