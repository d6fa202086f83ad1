import { deliverAll } from '../deliver.ts';
import { visitPair, withPair } from '../pair.ts';
import { readCpuTime } from '../process-figures.ts';
import { scaled } from '../work.ts';
import type { Work } from '../work.ts';

const variant = 'alone';

/** Readers that connect and leave. */
export const accept: Work = {
  name: 'accept',
  title:
    'Readers that come one after the other, each on a connection of its own, and leave with the first event, which is there already.',
  columns: [
    { name: 'CPU a visit', better: 'less', unit: 'µs' },
    { name: 'first byte p50', better: 'less', unit: 'ms' },
    { name: 'first event p50', better: 'less', unit: 'ms' },
  ],
  peers: ['raw', 'nchan'],
  targets: [{ variant, server: 'ours-sqlite', column: 'CPU a visit', value: 250 }],
  run: (kind, { time }) =>
    withPair(kind, { streams: 1 }, async (pair) => {
      const { server } = pair;
      await deliverAll(pair, { streams: 1, count: 1, perSecond: 100, burst: 1, by: 'log' }, 0);
      const targets = [{ path: server.path(0) }];
      await visitPair(pair, targets, scaled(800, time));
      const before = readCpuTime(server.pids).taken;
      const times = scaled(1000, time);
      const [visits] = await visitPair(pair, targets, times);
      const perVisit = ((readCpuTime(server.pids).taken - before) / times) * 1e6;
      return [
        {
          variant,
          figures: [perVisit, visits?.firstByteP50Ms ?? NaN, visits?.firstEventP50Ms ?? NaN],
        },
      ];
    }),
};
