import { deliverAll, toFigures } from '../deliver.ts';
import { connectPair, withPair } from '../pair.ts';
import { delivered, scaled } from '../work.ts';
import type { Work } from '../work.ts';

const variant = 'one at a time';
const variants = { [variant]: 1, 'bursts of 8': 8 } as const;
const durable = ['resumable-stream', 'durable-streams'];

/** Many answers at the same time, each to one reader. */
export const unicast: Work = {
  name: 'unicast',
  title:
    '500 streams with a reader each, 50 tokens a second on each. Heddle: a message to each session and an agent that yields tokens, ' +
    'through engine and log, the turns included; a frame may carry several tokens, and tokens are what is counted. Peers: a write for each token. ' +
    'The CPU of Redis is counted with that of the server over it.',
  columns: delivered,
  peers: ['raw', ...durable, 'resumable-first'],
  targets: [
    { variant, server: 'ours-memory', peer: 'raw', value: 1 },
    { variant, server: 'ours-sqlite', peer: 'raw', value: 0.75 },
    ...['ours-sqlite', 'ours-redis'].flatMap((server) =>
      durable.map((peer) => ({ variant, server, peer, value: 3 })),
    ),
  ],
  run: (kind, { time, size }) => {
    const streams = scaled(500, size);
    return withPair(kind, { streams }, async (pair) => {
      await connectPair(pair, streams, 1);
      const say = (burst: number, bursts: number) =>
        deliverAll(pair, { streams, count: burst * bursts, perSecond: 50, burst, by: 'agent' }, streams);
      await say(8, 6);
      const measurements = [];
      for (const [name, burst] of Object.entries(variants)) {
        measurements.push({
          variant: name,
          figures: toFigures(await say(burst, scaled((50 * 4) / burst, time))),
        });
      }
      return measurements;
    });
  },
};
