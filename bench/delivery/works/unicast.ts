import { deliverAll, toFigures } from '../deliver.ts';
import { connectPair, withPair } from '../pair.ts';
import { delivered, scaled } from '../work.ts';
import type { Work } from '../work.ts';

const variants = { 'one at a time': 1, 'bursts of 8': 8 } as const;

/** Many answers at the same time, each to one reader. */
export const unicast: Work = {
  name: 'unicast',
  title:
    '500 streams with a reader each, 50 tokens a second on each. Heddle: a message to each session and an agent that yields tokens, ' +
    'through engine and log, the turns included; a frame may carry several tokens, and tokens are what is counted. Peers: a write for each token.',
  columns: delivered,
  targets: [{ variant: 'one at a time', server: 'ours-sqlite', peer: 'raw', value: 1 }],
  run: (kind, { time, size }) => {
    const streams = scaled(500, size);
    return withPair(kind, { streams }, async (pair) => {
      await connectPair(pair, streams, 1);
      const say = (burst: number, bursts: number) =>
        deliverAll(pair, { streams, count: burst * bursts, perSecond: 50, burst, by: 'agent' }, streams);
      await say(8, 6);
      const measurements = [];
      for (const [variant, burst] of Object.entries(variants)) {
        measurements.push({ variant, figures: toFigures(await say(burst, scaled((50 * 4) / burst, time))) });
      }
      return measurements;
    });
  },
};
