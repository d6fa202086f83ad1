import { deliverAll } from '../deliver.ts';
import { connectPair, withPair } from '../pair.ts';
import { readMemoryBytes } from '../process-figures.ts';
import { scaled } from '../work.ts';
import type { Work } from '../work.ts';

/** Readers that stop reading, beside others that read. */
export const stalled: Work = {
  name: 'stalled',
  title:
    "One stream with 400 readers, of which 200 stop reading; 25 events of 32 KB a second, more than the kernel's buffers take. " +
    'Growth: resident memory after 8 s. It is small where what waits is one text that all readers share. Delays are those of the other 200.',
  columns: [
    { name: 'delay p99', better: 'less', unit: 'ms' },
    { name: 'p50', better: 'less', unit: 'ms' },
    { name: 'growth', better: 'less', unit: 'MB' },
  ],
  targets: [],
  run: (kind, { time, size }) => {
    const readers = scaled(200, size);
    return withPair(kind, { streams: 1 }, async (pair) => {
      const { server, load } = pair;
      await connectPair(pair, 1, readers * 2);
      // At the end this is 6.4 MB for each reader. The kernel's send buffer grows to 4 MB, and a reader's
      // window is small.
      const speech = { streams: 1, perSecond: 25, burst: 1, by: 'log', padding: 32_000 } as const;
      await deliverAll(pair, { ...speech, count: 10 }, readers * 2);
      await load.ask({ type: 'stall', count: readers });
      await server.collect();
      const before = readMemoryBytes(server.pids);
      const { p50Ms, p99Ms } = await deliverAll(pair, { ...speech, count: scaled(200, time) }, readers);
      const growth = (readMemoryBytes(server.pids) - before) / 1e6;
      return [{ variant: '200 of 400 stalled', figures: [p99Ms, p50Ms, growth] }];
    });
  },
};
