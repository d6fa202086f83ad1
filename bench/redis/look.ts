import { isRecord } from '../../src/protocol/internal.ts';
import type { RedisServer } from '../../test/rig/redis-server.ts';
import type { BenchChild } from '../delivery/child.ts';
import { readCpuTime } from '../delivery/process-figures.ts';

/** What was used, said and asked until a moment. */
export interface Look {
  /** In seconds. */
  readonly at: number;
  /** CPU in seconds, as the scheduler counts it: of all nodes, of Redis with what writes its file, of the load generator. */
  readonly nodes: number;
  readonly redis: number;
  readonly load: number;
  /** Tokens that agents said. */
  readonly said: number;
  /** Commands that the nodes sent, by name. */
  readonly sent: Readonly<Record<string, number>>;
  /** Hints that were heard of sessions somebody reads. */
  readonly hints: number;
  /** Of the nodes, at this moment. */
  readonly connections: number;
}

/** Looks at a Redis, its nodes, and the load generator. */
export async function lookAt(redis: RedisServer, nodes: readonly BenchChild[], load: number): Promise<Look> {
  const told = await Promise.all(nodes.map((child) => child.ask({ type: 'counts' })));
  const info = await redis.command('INFO', 'everything');
  const read = (pattern: RegExp): number => Number(pattern.exec(info)?.[1]);
  const sent: Record<string, number> = {};
  for (const counts of told) {
    const each = isRecord(counts['sent']) ? counts['sent'] : {};
    for (const [name, count] of Object.entries(each)) sent[name] = (sent[name] ?? 0) + Number(count);
  }
  const sum = (name: string): number => told.reduce((total, counts) => total + Number(counts[name]), 0);
  return {
    at: performance.now() / 1_000,
    nodes: readCpuTime(nodes.map(({ pid }) => pid)).taken,
    redis: readCpuTime([read(/process_id:(\d+)/)]).taken,
    load: readCpuTime([load]).taken,
    said: sum('said'),
    sent,
    hints: sum('hints'),
    // One is that which asks.
    connections: read(/connected_clients:(\d+)/) - 1,
  };
}

/** What came between two looks. */
export function between(before: Look, after: Look): Omit<Look, 'connections'> {
  const sent = Object.entries(after.sent).map(([name, count]) => [name, count - (before.sent[name] ?? 0)]);
  return {
    at: after.at - before.at,
    nodes: after.nodes - before.nodes,
    redis: after.redis - before.redis,
    load: after.load - before.load,
    said: after.said - before.said,
    sent: Object.fromEntries(sent),
    hints: after.hints - before.hints,
  };
}
