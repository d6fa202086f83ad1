import { deliverAll } from '../deliver.ts';
import { connectPair, withPair } from '../pair.ts';
import { scaled } from '../work.ts';
import type { Work } from '../work.ts';

const variants = {
  quiet: { streams: 1, perSecond: 100 },
  'under load': { streams: 400, perSecond: 20 },
} as const;

/** The delay that a log adds between a writer and its readers. */
export const delay: Work = {
  name: 'delay',
  title:
    'From the call of `append` until the reader has the event: quiet, one stream with 100 events a second; under load, 400 streams with 20 a second each. raw has no log: its figures are the floor.',
  columns: [
    { name: 'delay p50', better: 'less', unit: 'ms' },
    { name: 'p99', better: 'less', unit: 'ms' },
  ],
  targets: [
    { variant: 'quiet', server: 'ours-memory', column: 'delay p50', value: 1 },
    { variant: 'quiet', server: 'ours-sqlite', column: 'delay p50', value: 4 },
  ],
  run: async (kind, { time, size }) => {
    const measurements = [];
    for (const [variant, full] of Object.entries(variants)) {
      const streams = scaled(full.streams, size);
      const { p50Ms, p99Ms } = await withPair(kind, { streams }, async (pair) => {
        await connectPair(pair, streams, 1);
        const say = (seconds: number) =>
          deliverAll(
            pair,
            {
              streams,
              count: scaled(full.perSecond * seconds, time),
              perSecond: full.perSecond,
              burst: 1,
              by: 'log',
            },
            streams,
          );
        await say(1);
        return say(3);
      });
      measurements.push({ variant, figures: [p50Ms, p99Ms] });
    }
    return measurements;
  },
};
