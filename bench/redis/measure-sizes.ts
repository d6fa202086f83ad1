import { setTimeout as delay } from 'node:timers/promises';
import { startCell } from './cell.ts';
import { between } from './look.ts';
import type { Look } from './look.ts';

/** What tokens, wakes and silence cost with so many sessions, CPU in seconds. */
export interface SizeCosts {
  readonly sessions: number;
  /** Tokens a second in all of them together. */
  readonly rate: number;
  /** For each token that nobody reads. */
  readonly unread: Costs;
  /** For each token that a reader on another node is woken for. */
  readonly read: Costs;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** While nobody speaks, a second. */
  readonly silentCommands: number;
  readonly silentRedis: number;
  /** Of each node. */
  readonly connections: number;
}

interface Costs {
  readonly appends: number;
  readonly reads: number;
  /** Other commands: leases, looks at the ends of logs. */
  readonly others: number;
  readonly redis: number;
  readonly nodes: number;
}

/**
 * Two nodes: one runs a turn in each session, the other one comes to have their readers. What a wake costs is what a token costs more once it is read,
 * without the looks and leases that silence has, too.
 */
export async function measureSize(sessions: number, rate: number, seconds: number): Promise<SizeCosts> {
  const cell = await startCell({ sessions, nodes: 2, speaking: 1 });
  const speech = {
    count: Math.max(1, Math.round((rate * seconds) / sessions)) + 1,
    everyMs: (sessions / rate) * 1_000,
  };
  try {
    const { connections } = await cell.look();
    const unread = await cell.speak(speech);
    await cell.read();
    // All that was said is there before anything else is measured.
    await delay(1_000);
    const quiet = await cell.look();
    // Whole rounds of the looks at the ends of all logs, which come every 3 s.
    await delay(Math.ceil(seconds / 3) * 3_000);
    const silent = between(quiet, await cell.look());
    const read = await cell.speak(speech);
    const after = await cell.look();
    if (after.connections !== connections)
      throw new Error(`${connections} connections became ${after.connections} with ${sessions} readers.`);
    return {
      sessions,
      rate,
      unread: toCosts(between(unread.from, unread.until)),
      read: toCosts(between(read.from, read.until)),
      p50Ms: read.delay?.p50Ms ?? NaN,
      p99Ms: read.delay?.p99Ms ?? NaN,
      silentCommands: sum(silent.sent) / silent.at,
      silentRedis: silent.redis / silent.at,
      connections: connections / 2,
    };
  } finally {
    await cell.close();
  }
}

function toCosts({ said, sent, redis, nodes }: Omit<Look, 'connections'>): Costs {
  const { append = 0, read = 0 } = sent;
  return {
    appends: append / said,
    reads: read / said,
    others: (sum(sent) - append - read) / said,
    redis: redis / said,
    nodes: nodes / said,
  };
}

function sum(sent: Readonly<Record<string, number>>): number {
  return Object.values(sent).reduce((total, count) => total + count, 0);
}
