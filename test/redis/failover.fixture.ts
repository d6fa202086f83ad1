import { replicate } from '../rig/redis-server.ts';
import type { startRedis } from '../rig/redis-server.ts';
import { createFaultProxy } from '../../src/testing/index.ts';

type RedisServer = Awaited<ReturnType<typeof startRedis>>;

/** A Redis and its replica, behind an address that stays the same. */
export interface Failover {
  readonly url: string;
  readonly main: RedisServer;
  readonly replica: RedisServer;
  /** Cuts the replica off: later writes do not reach it. */
  part(): Promise<void>;
  /** Kills the master and promotes its replica. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

/** Makes one server the replica of another, behind an address that stays the same. */
export async function prepareFailover(main: RedisServer, replica: RedisServer): Promise<Failover> {
  const between = await createFaultProxy({ port: main.port, plan: () => ({}), seed: 24 });
  await replicate(main, replica, between.port);
  let { port } = main;
  const proxy = await createFaultProxy({ port: () => port, plan: () => ({}), seed: 24 });
  return {
    url: `redis://127.0.0.1:${proxy.port}`,
    main,
    replica,
    part: () => between.close(),
    async failOver() {
      await main.kill();
      await replica.command('REPLICAOF', 'NO', 'ONE');
      ({ port } = replica);
      proxy.reset();
    },
    async close() {
      await Promise.all([between.close(), proxy.close()]);
    },
  };
}
