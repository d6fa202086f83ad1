import { arrive, replicate, startRedis } from '../redis-server.ts';
import type { RedisServer } from '../redis-server.ts';
import { startServerChild } from '../server-child.ts';
import type { ServerChild } from '../server-child.ts';
import { tokenSecret } from './room.ts';

/** A Redis and two nodes, as processes of their own. */
export interface CellProcesses {
  readonly ports: readonly [number, number];
  /** Kills the Redis, and starts it again with its folder. */
  killRedis(): Promise<void>;
  restartRedis(): Promise<void>;
  /**
   * Moves the cell to another Redis: makes that one a replica, shuts down the nodes, promotes the replica,
   * and starts the nodes with it on the same ports.
   */
  move(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a cell whose agent says a word every `paceMs`, with the time at which it says it. */
export async function startCellProcesses(paceMs: number): Promise<CellProcesses> {
  let redis = await openRedis();
  let nodes = await startNodes(redis, [0, 0]);
  const ports = [nodes[0].port, nodes[1].port] as const;

  function openRedis(): Promise<RedisServer> {
    return startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
  }
  function startNodes(
    { url }: RedisServer,
    on: readonly [number, number],
  ): Promise<[ServerChild, ServerChild]> {
    const flags = { redis: url, pace: paceMs, lease: 10_000, keepalive: 15_000, 'token-secret': tokenSecret };
    const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
    const startNode = (port: number): Promise<ServerChild> =>
      startServerChild([...args, '--port', String(port), '--tell-time']);
    return Promise.all([startNode(on[0]), startNode(on[1])]);
  }
  return {
    ports,
    killRedis: () => redis.kill(),
    restartRedis: () => redis.restart(),
    move: async () => {
      const [from, to] = [redis, await openRedis()];
      redis = to;
      await replicate(from, to);
      await Promise.all(nodes.map((node) => node.end()));
      // Replication keeps the order, so everything before this write has arrived with it.
      await from.command('SET', 'last', 'arrived');
      await arrive(from, to, ['GET', 'last']);
      await to.command('REPLICAOF', 'NO', 'ONE');
      await from.stop();
      nodes = await startNodes(to, ports);
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.kill()));
      await redis.stop();
    },
  };
}
