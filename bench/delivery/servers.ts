import { spawnSync } from 'node:child_process';
import { program as redis } from '../../test/rig/redis-server.ts';
import { hasCommand } from './child.ts';
import { startDurableStreams } from './start-durable-streams.ts';
import { startFloor } from './start-floor.ts';
import { node, startScript } from './start-script.ts';
import { startWithRedis } from './start-with-redis.ts';
import type { ServerKind, WorkName } from './server.ts';
import { nchan } from './servers/nchan.ts';

const withoutLog: readonly WorkName[] = ['unicast', 'broadcast', 'idle', 'accept', 'stalled'];

/** Heddle with each of its stores. */
const heddle: readonly ServerKind[] = [
  withLog('ours-memory', 'memory'),
  withLog('ours-sqlite', 'sqlite'),
  overRedis('ours-redis', 'heddle.ts'),
];

/** The servers whose readers can come back to what they missed. */
const durablePeers: readonly ServerKind[] = [
  overRedis('resumable-stream', 'resumable-stream.ts', 'resumed'),
  overRedis('resumable-first', 'resumable-stream.ts', 'first'),
  { name: 'durable-streams', works: ['unicast'], share: 0.1, start: startDurableStreams },
];

/** The least that a write to each reader costs. */
const floor: ServerKind = {
  name: 'floor',
  works: ['broadcast'],
  lacks: () => (hasCommand('cc') ? undefined : 'there is no C compiler (Debian: gcc, libc6-dev)'),
  start: startFloor,
};

/** The servers that are measured. A further store needs one more line. */
export const servers: readonly ServerKind[] = [
  ...heddle,
  // Its delays are the floor: a write without a log before it.
  { ...peer('raw', 'raw.ts'), works: [...withoutLog, 'delay'] },
  peer('better-sse', 'better-sse.ts'),
  peer('hono', 'hono.ts'),
  peer('fastify', 'fastify.ts'),
  {
    name: 'fastapi',
    works: withoutLog,
    lacks: () =>
      findPython() === undefined
        ? 'no Python has fastapi and uvicorn (Debian: python3-fastapi, python3-uvicorn)'
        : undefined,
    start: (options) => startScript([findPython() ?? 'python3'], 'fast-api.py', [], options),
  },
  nchan,
  floor,
  ...durablePeers,
];

/** The servers that the smoke test checks. */
export const smokeServers: readonly ServerKind[] = [...heddle, ...durablePeers, floor];

/** The name of the server that all others are compared with. */
export const reference = 'raw';

function withLog(name: string, store: string): ServerKind {
  return {
    name,
    works: [...withoutLog, 'reconnect', 'delay'],
    start: (options) => startScript(node, 'heddle.ts', [store], options),
  };
}

function overRedis(name: string, script: string, ...args: readonly string[]): ServerKind {
  return {
    name,
    works: ['unicast'],
    lacks: () => (hasCommand(redis) ? undefined : `there is no ${redis}`),
    start: (options) => startWithRedis(script, args, options),
  };
}

function peer(name: string, script: string): ServerKind {
  return { name, works: withoutLog, start: (options) => startScript(node, script, [], options) };
}

/**
 * Returns the first Python that has both packages. The first `python3` of the path may not be the system's.
 */
function findPython(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import fastapi, uvicorn']).status === 0,
  );
}
