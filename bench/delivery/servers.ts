import { spawnSync } from 'node:child_process';
import { node, startScript } from './start-script.ts';
import type { ServerKind, WorkName } from './server.ts';
import { nchan } from './servers/nchan.ts';

const withoutLog: readonly WorkName[] = ['unicast', 'broadcast', 'idle', 'accept', 'stalled'];

/** All that take part; a store more is a line more. */
export const servers: readonly ServerKind[] = [
  heddle('ours-memory', 'memory'),
  heddle('ours-sqlite', 'sqlite'),
  // Delays have a floor: a write with no log before it.
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

/** The one that all others are compared with. */
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

/** The first Python that has both: another one may stand before the system's. */
function findPython(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import fastapi, uvicorn']).status === 0,
  );
}
