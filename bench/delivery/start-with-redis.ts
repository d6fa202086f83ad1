import { startRedis } from '../../test/rig/redis-server.ts';
import { pin } from './child.ts';
import type { BenchServerOptions, RunningServer } from './server.ts';
import { node, startScript } from './start-script.ts';

/**
 * Starts a script of `servers/` and a Redis of its own, whose CPU and memory count as the server's. The
 * script runs as `<script> <keepaliveMs> <url of Redis> …<args> <folder>`. Redis shares the core of the load
 * generator, so that the server does not wait for it.
 */
export async function startWithRedis(
  script: string,
  args: readonly string[],
  options: BenchServerOptions,
): Promise<RunningServer> {
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
  try {
    const pid = Number(/process_id:(\d+)/.exec(await redis.command('INFO', 'server'))?.[1]);
    pin('load', pid);
    const server = await startScript(node, script, [redis.url, ...args], options);
    return {
      ...server,
      pids: [...server.pids, pid],
      stop: async () => {
        await server.stop();
        await redis.stop();
      },
    };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}
