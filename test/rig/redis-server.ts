import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A Redis server in a folder of its own, on a free port. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Sends SIGKILL. Resolves when the process has ended. The folder stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Sends one command over a connection of its own. Resolves with the raw reply. */
  command(...command: readonly string[]): Promise<string>;
  /** Kills it and deletes its folder. */
  stop(): Promise<void>;
}

/** The program for servers and Sentinels. `HEDDLE_REDIS_SERVER` can name another version, or Valkey. */
export const program: string = process.env['HEDDLE_REDIS_SERVER'] ?? 'redis-server';

// The test process kills them when it exits, also after a failure.
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server with settings of redis.conf, and waits until it answers. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-redis-'));
  const port = await findPort();
  const all = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    'repl-diskless-sync-delay': '0',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  return run(port, [program, ...args], () => rm(folder, { recursive: true, force: true }));
}

/**
 * Makes one server the replica of another, and waits until a write arrives there. `port` is where the replica
 * reaches the main server.
 */
export async function replicate(
  main: RedisServer,
  replica: RedisServer,
  port: number = main.port,
): Promise<void> {
  await replica.command('REPLICAOF', '127.0.0.1', String(port));
  await main.command('SET', 'probe', 'arrived');
  await arrive(main, replica, ['GET', 'probe']);
  // Redis counts a replica only after its first acknowledgement, which can take up to a second.
  await main.command('WAIT', '1', '5000');
  await main.command('DEL', 'probe');
}

/** Waits until a replica replies to a command as its master does now. Rejects after 15 s. */
export async function arrive(
  main: RedisServer,
  replica: RedisServer,
  question: readonly string[],
): Promise<void> {
  const answer = await main.command(...question);
  const deadline = performance.now() + 15_000;
  while ((await replica.command(...question)) !== answer) {
    if (performance.now() > deadline)
      throw new Error(`What was written on port ${main.port} does not arrive.`);
    await delay(10);
  }
}

/**
 * Starts a Sentinel for a master named `main`. It starts a failover when the master has not answered for half
 * a second.
 */
export async function startSentinel(main: RedisServer): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-sentinel-'));
  const port = await findPort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    `dir ${folder}`,
    `sentinel monitor main 127.0.0.1 ${main.port} 1`,
    'sentinel down-after-milliseconds main 500',
    'sentinel failover-timeout main 2000',
  ];
  await writeFile(file, lines.join('\n'));
  return run(port, [program, file, '--sentinel'], () => rm(folder, { recursive: true, force: true }));
}

async function run(
  port: number,
  [command = '', ...args]: readonly string[],
  remove: () => Promise<void>,
): Promise<RedisServer> {
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(command, args, { stdio: 'ignore' });
    running.add(started);
    started.once('exit', () => running.delete(started));
    const deadline = performance.now() + 10_000;
    while (!(await isServing(port, started.pid))) {
      if (performance.now() > deadline || started.exitCode !== null) {
        started.kill('SIGKILL');
        throw new Error(`${command} does not start on port ${port}.`);
      }
      await delay(10);
    }
    return started;
  };
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };

  let child = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: end,
    restart: async () => {
      child = await start();
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    command: (...given) => ask(port, given),
    stop: async () => {
      await end();
      await remove();
    },
  };
}

/** Returns a port that is free now. */
export async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}

/** Reports whether this process, and not another one on its port, answers and has loaded its file. */
async function isServing(port: number, pid: number | undefined): Promise<boolean> {
  const told = await ask(port, ['INFO', 'server']).catch(() => '');
  return told.includes(`process_id:${pid}\r`) && (await ask(port, ['PING']).catch(() => '')) === '+PONG';
}

/** Sends one command in Redis's protocol (RESP), and returns the raw reply. */
async function ask(port: number, command: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
    .setEncoding('utf8')
    .setTimeout(5_000, () => socket.destroy());
  // Replies come in order. When the reply to PING is there, the first reply is complete.
  for (const each of [command, ['PING']]) {
    const parts = each.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    socket.write(`*${each.length}\r\n${parts.join('')}`);
  }
  const last = '+PONG\r\n';
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
    if (answer.endsWith(last) || answer.startsWith('-LOADING')) break;
  }
  return answer.slice(0, -last.length).trim();
}
