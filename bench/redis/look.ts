import { isRecord } from '../../src/protocol/internal.ts';
import type { RedisServer } from '../../test/rig/redis-server.ts';
import type { BenchChild } from '../delivery/child.ts';
import { readCpuTime } from '../delivery/process-figures.ts';

/** The counts and the CPU time up to a moment. */
export interface Look {
  /** The time of the look, in seconds. */
  readonly at: number;
  /**
   * CPU in seconds, as the scheduler counts it: of all nodes, of Redis with the threads that write its file,
   * and of the load generator.
   */
  readonly nodes: number;
  readonly redis: number;
  readonly load: number;
  /** The tokens that agents yielded. */
  readonly said: number;
  /** The commands that the nodes sent, by name. */
  readonly sent: Readonly<Record<string, number>>;
  /** The hints that nodes received for sessions with readers. */
  readonly hints: number;
  /** The connections of the nodes at this moment. */
  readonly connections: number;
}

/** Reads the counts of a Redis, its nodes, and the load generator. */
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
    // One connection is that of this command.
    connections: read(/connected_clients:(\d+)/) - 1,
  };
}

/** Returns the difference of two looks. */
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
