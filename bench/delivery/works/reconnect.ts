import { visitPair, withPair } from '../pair.ts';
import { scaled } from '../work.ts';
import type { Work } from '../work.ts';

const lengths = [1000, 100_000, 1_000_000];
const variant = '10 entries before the end';

/** Readers that reconnect to logs of different lengths. */
export const reconnect: Work = {
  name: 'reconnect',
  title:
    'Readers that come back, with the id of an entry near the end, to logs of 1,000, 100,000 and 1,000,000 entries, each appended alone: the time from the first packet to the first event.',
  columns: [
    { name: '1 M ÷ 1 k', better: 'less', unit: '×' },
    { name: '1 k p50', better: 'less', unit: 'ms' },
    { name: '100 k p50', better: 'less', unit: 'ms' },
    { name: '1 M p50', better: 'less', unit: 'ms' },
  ],
  targets: ['ours-memory', 'ours-sqlite'].map((server) => ({
    variant,
    server,
    column: '1 M ÷ 1 k',
    value: 1.2,
  })),
  run: (kind, { time, size }) =>
    withPair(kind, { streams: lengths.length }, async (pair) => {
      const { server } = pair;
      const targets = [];
      for (const [stream, entries] of lengths.entries()) {
        targets.push({
          path: server.path(stream),
          after: await server.remember(stream, scaled(entries, size)),
        });
      }
      await visitPair(pair, targets, scaled(200, time));
      const waited = (await visitPair(pair, targets, scaled(400, time))).map(
        ({ firstEventP50Ms }) => firstEventP50Ms,
      );
      const [short = NaN, , long = NaN] = waited;
      return [{ variant, figures: [long / short, ...waited] }];
    }),
};
