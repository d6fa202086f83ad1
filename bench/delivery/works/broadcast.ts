import { deliverAll, toFigures } from '../deliver.ts';
import { connectPair, withPair } from '../pair.ts';
import type { ServerKind } from '../server.ts';
import { delivered, scaled } from '../work.ts';
import type { Measurement, Scale, Work } from '../work.ts';

/** One stream with many readers. */
export const broadcast: Work = {
  name: 'broadcast',
  title:
    'One stream, and all readers read it. Heddle: appends to the log of one session, 8 events in one append. Peers: a loop of writes, 8 in one tick; ' +
    'nchan: published over one HTTP connection; floor: a bare epoll loop in C, one write a reader and tick.',
  columns: delivered,
  peers: ['raw', 'better-sse', 'nchan', 'floor'],
  targets: [
    { variant: toVariant(1000, 1), server: 'ours-memory', peer: 'floor', value: 0.75 },
    { variant: toVariant(1000, 1), server: 'ours-memory', peer: 'nchan', value: 0.85 },
    { variant: toVariant(1000, 8), server: 'ours-memory', peer: 'nchan', value: 4 },
    { variant: toVariant(1000, 8), server: 'ours-memory', peer: 'better-sse', value: 3 },
  ],
  run: async (kind, scale) => [...(await run(kind, scale, 1000)), ...(await run(kind, scale, 5000))],
};

function toVariant(readers: number, burst: number): string {
  return `${readers.toLocaleString('en')} readers, ${burst} a tick`;
}

function run(kind: ServerKind, { time, size }: Scale, full: number): Promise<readonly Measurement[]> {
  const readers = scaled(full, size);
  return withPair(kind, { streams: 1 }, async (pair) => {
    await connectPair(pair, 1, readers);
    // The ticks a second are chosen so that about 20,000 and 40,000 events a second are delivered.
    const say = async (burst: number, ticksPerSecond: number, seconds: number) => {
      const count = scaled(ticksPerSecond * seconds, time) * burst;
      return deliverAll(
        pair,
        { streams: 1, count, perSecond: ticksPerSecond * burst, burst, by: 'log' },
        readers,
      );
    };
    await say(8, 5000 / full, 1);
    return [
      { variant: toVariant(full, 1), figures: toFigures(await say(1, 20_000 / full, 2)) },
      { variant: toVariant(full, 8), figures: toFigures(await say(8, 5000 / full, 2)) },
    ];
  });
}
