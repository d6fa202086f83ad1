import { createClient } from 'redis';
import type { RedisServer } from '../../test/rig/redis-server.ts';

const listeners = 50;
const messages = 20_000;

/** Measures what one more listener costs Redis for a message of a hint's length, in seconds of CPU. */
export async function measureHint(redis: RedisServer): Promise<number> {
  const client = createClient({ url: redis.url });
  const others = Array.from({ length: listeners }, () => createClient({ url: redis.url }));
  await Promise.all([client, ...others].map((each) => each.connect()));
  const publish = async (): Promise<number> => {
    const before = await readCpu(redis);
    for (let sent = 0; sent < messages; sent += 500)
      await Promise.all(Array.from({ length: 500 }, () => client.publish('measured', 'x'.repeat(22))));
    return (await readCpu(redis)) - before;
  };
  const alone = await publish();
  await Promise.all(others.map((each) => each.subscribe('measured', () => {})));
  const heard = await publish();
  for (const each of [client, ...others]) each.destroy();
  return (heard - alone) / messages / listeners;
}

async function readCpu(redis: RedisServer): Promise<number> {
  const info = await redis.command('INFO', 'cpu');
  const [user, system] = [/used_cpu_user:([\d.]+)/, /used_cpu_sys:([\d.]+)/].map((each) =>
    Number(each.exec(info)?.[1]),
  );
  return (user ?? NaN) + (system ?? NaN);
}
