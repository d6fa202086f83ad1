import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { connectPair, withPair } from '../pair.ts';
import { readCpuTime, readMemoryBytes } from '../process-figures.ts';
import { scaled } from '../work.ts';
import type { Work } from '../work.ts';

const variant = '10,000 streams';
const keepaliveMs = 2000;

/** Silent streams. */
export const idle: Work = {
  name: 'idle',
  title:
    '10,000 streams with a reader each and nothing said but a keepalive each 2 s. Bytes: resident memory that the streams added, after a garbage collection ' +
    "where there is one; the kernel's memory of their sockets is not in it.",
  columns: [
    { name: 'bytes a stream', better: 'less', unit: 'bytes' },
    { name: 'CPU a keepalive', better: 'less', unit: 'µs' },
  ],
  peers: ['raw', 'nchan'],
  targets: [{ variant, server: 'ours-memory', column: 'bytes a stream', value: 12_000 }],
  run: (kind, { time, size }) => {
    const streams = Math.min(scaled(10_000, size), readOpenFiles() - 500);
    return withPair(kind, { streams, keepaliveMs }, async (pair) => {
      const { server, load } = pair;
      const beats = async (): Promise<number> => Number((await load.ask({ type: 'beats' }))['beats']);
      await server.collect();
      const before = readMemoryBytes(server.pids);
      await connectPair(pair, streams, 1);
      await delay(500);
      await server.collect();
      const bytes = (readMemoryBytes(server.pids) - before) / streams;
      const [cpu, beaten] = [readCpuTime(server.pids).taken, await beats()];
      await delay(keepaliveMs * Math.max(1.2 * time, 1.1));
      const perBeat = (readCpuTime(server.pids).taken - cpu) / ((await beats()) - beaten);
      return [{ variant, figures: [bytes, perBeat * 1e6] }];
    });
  },
};

/** Returns how many files a process may have open. */
function readOpenFiles(): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -H -n'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? Infinity : Number(limit);
}
