import { setTimeout as delay } from 'node:timers/promises';
import { startCell } from './cell.ts';
import { between } from './look.ts';
import type { Look } from './look.ts';

/** The cost of tokens, wakes and silence with a number of sessions, with CPU in seconds. */
export interface SizeCosts {
  readonly sessions: number;
  /** The tokens a second in all sessions together. */
  readonly rate: number;
  /** The costs of each token that has no reader. */
  readonly unread: Costs;
  /** The costs of each token that wakes a reader on another node. */
  readonly read: Costs;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The commands and the CPU of Redis in each second without tokens. */
  readonly silentCommands: number;
  readonly silentRedis: number;
  /** The connections of each node. */
  readonly connections: number;
}

interface Costs {
  readonly appends: number;
  readonly reads: number;
  /** Other commands: leases, and reads of the ends of logs. */
  readonly others: number;
  readonly redis: number;
  readonly nodes: number;
}

/**
 * Measures two nodes. One runs a turn in each session, and the other one gets their readers later. A wake
 * costs what a token costs more with a reader, without the leases and the reads of the ends of logs that
 * silence has too.
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
    // By then the readers have received all earlier tokens.
    await delay(1_000);
    const quiet = await cell.look();
    // Nodes read the ends of all logs every 3 s. The time has whole rounds of that.
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
