import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../../test/rig/redis-server.ts';
import type { RedisServer } from '../../test/rig/redis-server.ts';
import { startBenchChild } from '../delivery/child.ts';
import type { BenchChild } from '../delivery/child.ts';
import { toDelays } from '../delivery/deliver.ts';
import { readCpuTime, readMemoryBytes } from '../delivery/process-figures.ts';
import type { RunningServer } from '../delivery/server.ts';
import { node, startScript } from '../delivery/start-script.ts';
import { measureHint } from './measure-hint.ts';

/** The measured costs: CPU in seconds, memory in bytes. */
export interface ScalingCosts {
  /** Resident memory of a node, for one open stream. */
  readonly streamBytes: number;
  /** CPU of a node, for one silent stream, a second. */
  readonly streamCpu: number;
  /** CPU of a node that does nothing, a second. */
  readonly nodeCpu: number;
  /** CPU of the node that runs the turn, for one token. */
  readonly ownerCpu: number;
  /** CPU of the node that has the session's one reader, for one token. */
  readonly readerCpu: number;
  /** CPU of a node that has readers of other sessions only, for one token: the hint that it receives. */
  readonly hintCpu: number;
  /** CPU of Redis, for one silent session that has a reader, a second. */
  readonly redisStreamCpu: number;
  /** CPU of Redis, for a node that does nothing, a second. */
  readonly redisNodeCpu: number;
  /** CPU of Redis, for one token: append and read. */
  readonly redisTokenCpu: number;
  /** CPU of Redis, for each further node that receives the hint of a token. */
  readonly redisHintCpu: number;
  /** The scripts that Redis runs for one token. */
  readonly scripts: number;
  /** The memory of Redis for one token. */
  readonly tokenBytes: number;
}

export interface Sizes {
  readonly idle: number;
  readonly active: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
}

/** The tokens of each turn before the measurement. */
const warmUp = 60;

/**
 * Measures once. One node runs the turns, another one has their readers, a third one has silent streams, and
 * all share a Redis.
 */
export async function measure({ idle, active, seconds, tokensPerSecond }: Sizes): Promise<ScalingCosts> {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
    ends.push(redis.stop);
    const start = async (streams: number): Promise<RunningServer> => {
      const server = await startScript(node, 'heddle.ts', [redis.url], { streams });
      ends.push(server.stop);
      return server;
    };
    const [owner, reader, quiet] = [await start(idle + active), await start(0), await start(0)];
    const nodes = [owner, reader, quiet];
    const look = async (): Promise<Look> => ({
      cpu: nodes.map(({ pids }) => readCpuTime(pids).taken),
      redis: await lookAt(redis),
      at: performance.now() / 1_000,
    });
    const between = async (work: () => Promise<unknown>): Promise<Look> => {
      const before = await look();
      await work();
      return subtract(await look(), before);
    };

    const nothing = await between(() => delay(seconds * 1_000));
    await quiet.collect();
    const memory = readMemoryBytes(quiet.pids);
    const silent = await open(quiet, active, idle);
    const loud = await open(reader, 0, active);
    ends.push(silent.stop, loud.stop);
    await delay(1_000);
    await quiet.collect();
    const streamBytes = (readMemoryBytes(quiet.pids) - memory) / idle;
    // A keepalive is sent after 15 s.
    const silence = await between(() => delay(Math.max(15, seconds) * 1_000));

    const speak = async (count: number): Promise<void> => {
      const arriving = loud.ask({ type: 'expect', count });
      await owner.say({ streams: active, count, perSecond: tokensPerSecond, burst: 1, by: 'agent' });
      toDelays(await arriving);
    };
    await speak(warmUp);
    const count = seconds * tokensPerSecond;
    const speaking = await between(() => speak(count));
    const tokens = active * count;
    /** Returns the cost of speaking without the cost of silence in the same time. */
    const perToken = (figure: (seen: Look) => number): number =>
      (figure(speaking) - (figure(silence) / silence.at) * speaking.at) / tokens;
    const perSecond = (figure: (seen: Look) => number, of: Look = silence): number => figure(of) / of.at;
    const cpu =
      (index: number) =>
      (seen: Look): number =>
        seen.cpu[index] ?? NaN;
    const nodeCpu = perSecond(cpu(2), nothing);
    const redisIdle = perSecond(({ redis: { cpu: taken } }) => taken, nothing);
    return {
      streamBytes,
      streamCpu: (perSecond(cpu(2)) - nodeCpu) / idle,
      nodeCpu,
      ownerCpu: perToken(cpu(0)),
      readerCpu: perToken(cpu(1)),
      hintCpu: perToken(cpu(2)),
      redisStreamCpu: (perSecond(({ redis: { cpu: taken } }) => taken) - redisIdle) / (idle + active),
      redisNodeCpu: redisIdle / nodes.length,
      redisTokenCpu: perToken(({ redis: { cpu: taken } }) => taken),
      redisHintCpu: await measureHint(redis),
      scripts: perToken(({ redis: { scripts } }) => scripts),
      tokenBytes: perToken(({ redis: { bytes } }) => bytes),
    };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

interface Look {
  /** CPU of each node in seconds. */
  readonly cpu: readonly number[];
  readonly redis: { readonly cpu: number; readonly scripts: number; readonly bytes: number };
  /** The time in seconds. */
  readonly at: number;
}

async function open(server: RunningServer, from: number, count: number): Promise<BenchChild> {
  const script = fileURLToPath(new URL('../delivery/load-process.ts', import.meta.url));
  const load = await startBenchChild('load', [...node, script]);
  const paths = Array.from({ length: count }, (_, index) => server.path(from + index));
  await load.ask({ type: 'connect', port: server.port, paths });
  return load;
}

async function lookAt(redis: RedisServer): Promise<Look['redis']> {
  const info = await redis.command('INFO', 'everything');
  const read = (pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0);
  return {
    cpu: read(/used_cpu_sys:([\d.]+)/) + read(/used_cpu_user:([\d.]+)/),
    scripts: read(/cmdstat_evalsha:calls=(\d+)/),
    bytes: read(/used_memory_dataset:(\d+)/),
  };
}

function subtract(after: Look, before: Look): Look {
  return {
    cpu: after.cpu.map((cpu, index) => cpu - (before.cpu[index] ?? NaN)),
    redis: {
      cpu: after.redis.cpu - before.redis.cpu,
      scripts: after.redis.scripts - before.redis.scripts,
      bytes: after.redis.bytes - before.redis.bytes,
    },
    at: after.at - before.at,
  };
}
