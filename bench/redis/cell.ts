import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../../test/rig/redis-server.ts';
import { startBenchChild } from '../delivery/child.ts';
import type { BenchChild } from '../delivery/child.ts';
import { toDelays } from '../delivery/deliver.ts';
import { node } from '../delivery/start-script.ts';
import { lookAt } from './look.ts';
import type { Look } from './look.ts';

/** A Redis, some nodes over it, and a process with their readers. */
export interface Cell {
  /** Opens a reader for each session, on another node than the one that runs its turns, where there is one. */
  read(): Promise<void>;
  /** A turn in each session, of so many tokens, so far apart. Tells what was used between the first token and the last but few. */
  speak(speech: Speech): Promise<SpokenSample>;
  look(): Promise<Look>;
  close(): Promise<void>;
}

interface Speech {
  readonly count: number;
  readonly everyMs: number;
}

interface SpokenSample {
  /** When all turns ran and none was at its end. */
  readonly from: Look;
  readonly until: Look;
  /** From when a token was said until its reader had it; undefined without readers. */
  readonly delay: { readonly p50Ms: number; readonly p99Ms: number } | undefined;
}

export interface CellOptions {
  readonly sessions: number;
  readonly nodes: number;
  /** How many of the nodes run turns, the first ones. */
  readonly speaking: number;
}

/** How long turns may take to begin once all messages were taken. */
const patienceMs = 60_000;

/** Starts a cell with its sessions. */
export async function startCell({ sessions, nodes: count, speaking }: CellOptions): Promise<Cell> {
  const ends: (() => Promise<unknown>)[] = [];
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
  ends.push(redis.stop);
  const start = async (script: string, ...args: readonly string[]): Promise<BenchChild> => {
    const child = await startBenchChild('any', [...node, toPath(script), ...args]);
    ends.push(child.stop);
    return child;
  };
  const nodes: BenchChild[] = [];
  while (nodes.length < count) nodes.push(await start('node.ts', redis.url));
  const load = await start('../delivery/load-process.ts');
  const shares = nodes.slice(0, speaking).map((child, nth) => ({
    child,
    reader: nodes[(nth + 1) % count] ?? child,
    from: Math.round((nth * sessions) / speaking),
    until: Math.round(((nth + 1) * sessions) / speaking),
  }));
  for (const { child, from, until } of shares) await child.ask({ type: 'create', from, until });

  const look = (): Promise<Look> => lookAt(redis, nodes, load.pid);
  const sum = async (name: 'waiting' | 'sessions'): Promise<number> => {
    const told = await Promise.all(nodes.map((child) => child.ask({ type: 'counts' })));
    return told.reduce((total, counts) => total + Number(counts[name]), 0);
  };
  let said = 0;
  let heard: number | undefined;
  return {
    look,
    async read() {
      for (const { reader, from, until } of shares) {
        const paths = Array.from({ length: until - from }, (_, index) => `/stream/${from + index}`);
        await load.ask({ type: 'connect', port: reader.ready['port'], paths });
      }
      heard = 0;
    },
    async speak({ count: tokens, everyMs }) {
      const speech = { before: said, count: tokens, everyMs };
      await Promise.all(
        shares.map(({ child, from, until }) =>
          child.ask({ type: 'send', from, until, speech, key: `after-${speech.before}` }),
        ),
      );
      const begun = performance.now();
      while ((await sum('waiting')) < sessions) {
        if (performance.now() > begun + patienceMs)
          throw new Error(`After ${patienceMs / 1_000} s not all of ${sessions} turns have begun.`);
        await delay(20);
      }
      // What each turn does when it begins is over then, too.
      await delay(1_000);
      said += tokens;
      const arriving = heard === undefined ? undefined : load.ask({ type: 'expect', count: said - heard });
      if (heard !== undefined) heard = said;
      const from = await look();
      await Promise.all(nodes.map((child) => child.ask({ type: 'go' })));
      // The last token of the first turn to end is due one interval later at the earliest.
      await delay((tokens - 1) * everyMs);
      const until = await look();
      const arrival = await arriving;
      while ((await sum('sessions')) > 0) await delay(20);
      return { from, until, delay: arrival && toDelays(arrival) };
    },
    close: async () => {
      for (const end of ends.toReversed()) await end();
    },
  };
}

function toPath(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url));
}
