import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../../test/rig/redis-server.ts';
import { startBenchChild } from '../delivery/child.ts';
import type { BenchChild } from '../delivery/child.ts';
import { toDelays } from '../delivery/deliver.ts';
import { node } from '../delivery/start-script.ts';
import { lookAt } from './look.ts';
import type { Look } from './look.ts';

/** A Redis, nodes over it, and a process with their readers. */
export interface Cell {
  /**
   * Opens a reader for each session. If there are several nodes, it is on another node than the session's
   * turns.
   */
  read(): Promise<void>;
  /**
   * Runs a turn in each session, with `count` tokens every `everyMs` milliseconds. Returns what was used
   * between the first token and the last ones.
   */
  speak(speech: Speech): Promise<SpokenSample>;
  look(): Promise<Look>;
  close(): Promise<void>;
}

interface Speech {
  readonly count: number;
  readonly everyMs: number;
}

interface SpokenSample {
  /** A look after all turns began, and one before the first of them ends. */
  readonly from: Look;
  readonly until: Look;
  /** The time from the creation of a token until its reader received it; undefined without readers. */
  readonly delay: { readonly p50Ms: number; readonly p99Ms: number } | undefined;
}

export interface CellOptions {
  readonly sessions: number;
  readonly nodes: number;
  /** How many of the nodes run turns. These are the first nodes. */
  readonly speaking: number;
}

/** How long turns may take to begin after all messages were accepted. */
const patienceMs = 60_000;

/** Starts a cell and creates its sessions. */
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
      // By then the work at the beginning of each turn is over.
      await delay(1_000);
      said += tokens;
      const arriving = heard === undefined ? undefined : load.ask({ type: 'expect', count: said - heard });
      if (heard !== undefined) heard = said;
      const from = await look();
      await Promise.all(nodes.map((child) => child.ask({ type: 'go' })));
      // The first turn to end has its last token one interval later, or later still.
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
