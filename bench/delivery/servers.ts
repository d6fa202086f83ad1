import { spawnSync } from 'node:child_process';
import { node, startScript } from './start-script.ts';
import type { ServerKind, WorkName } from './server.ts';
import { nchan } from './servers/nchan.ts';

const withoutLog: readonly WorkName[] = ['unicast', 'broadcast', 'idle', 'accept', 'stalled'];

/** The servers that are measured. A further store needs one more line. */
export const servers: readonly ServerKind[] = [
  heddle('ours-memory', 'memory'),
  heddle('ours-sqlite', 'sqlite'),
  // Its delays are the floor: a write without a log before it.
  { ...peer('raw', 'raw.ts'), works: [...withoutLog, 'delay'] },
  peer('better-sse', 'better-sse.ts'),
  peer('hono', 'hono.ts'),
  peer('fastify', 'fastify.ts'),
  {
    name: 'fastapi',
    works: withoutLog,
    lacks: () => (findPython() === undefined ? 'no Python has fastapi and uvicorn' : undefined),
    start: (options) => startScript([findPython() ?? 'python3'], 'fast-api.py', [], options),
  },
  nchan,
];

/** The name of the server that all others are compared with. */
export const reference = 'raw';

function heddle(name: string, store: string): ServerKind {
  return {
    name,
    works: [...withoutLog, 'reconnect', 'delay'],
    start: (options) => startScript(node, 'heddle.ts', [store], options),
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
