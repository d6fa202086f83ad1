// A server in a process of its own, for tests and proofs that kill it and read its figures:
// `node test/rig/server-child-main.ts --data FILE --effects FILE`.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient } from 'redis';
import { remote } from '../../src/agents/remote/index.ts';
import { bearerJwt } from '../../src/auth/index.ts';
import { subprocess } from '../../src/agents/subprocess/index.ts';
import { closeOnSignals } from '../../src/cli/serve/close-on-signals.ts';
import { memoryStore } from '../../src/log/index.ts';
import type { Store } from '../../src/log/index.ts';
import { httpFetch, listen } from '../../src/node/index.ts';
import { fromNodeRedis, redisStore } from '../../src/redis/index.ts';
import type { Agent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import { sqliteStore } from '../../src/sqlite/index.ts';
import { createScriptedAgent } from './scripted-agent.ts';

const { values } = parseArgs({
  options: {
    /** The SQLite file. Without it, the store is in memory. */
    data: { type: 'string' },
    /** The URL of a Redis that several servers share. */
    redis: { type: 'string' },
    /** A file that gets a line for each effect of the tool. */
    effects: { type: 'string' },
    /** A script of Python that answers in place of the scripted agent. */
    python: { type: 'string' },
    /** The URL of an agent that answers in place of the scripted agent. */
    url: { type: 'string' },
    /** The process kills itself right after the tool's effect. */
    'kill-after-effect': { type: 'boolean' },
    port: { type: 'string', default: '0' },
    lease: { type: 'string', default: '600' },
    /** Milliseconds between two words. */
    pace: { type: 'string', default: '5' },
    keepalive: { type: 'string', default: '300' },
    'turn-ms': { type: 'string' },
    /** The number of entries that a log keeps. */
    retain: { type: 'string' },
    /** Additional characters for each word. */
    padding: { type: 'string', default: '0' },
    /** Each word ends with the time at which it was said, in milliseconds since 1970. */
    'tell-time': { type: 'boolean', default: false },
    /** The secret of the tokens of callers, of issuer `i` and audience `a`. Without it, there is no auth. */
    'token-secret': { type: 'string' },
  },
});

const { data, redis, effects } = values;
const inProcess = createScriptedAgent({
  padding: () => (values['tell-time'] ? `@${Date.now()}` : '.'.repeat(Number(values.padding))),
  pause: ({ signal }) => delay(Number(values.pace), undefined, { signal }).catch(() => {}),
  effect: ({ turn, attempt }) => {
    if (effects !== undefined) appendFileSync(effects, `${turn} ${attempt}\n`);
    if (values['kill-after-effect']) process.kill(process.pid, 'SIGKILL');
  },
});
function openAgent(): Agent {
  const { url, python } = values;
  if (url !== undefined) return remote({ url, fetch: httpFetch, retryMs: 50 });
  if (python === undefined) return inProcess;
  return subprocess({
    command: '/usr/bin/python3',
    args: [python],
    env: { PYTHONDONTWRITEBYTECODE: '1', PACE: values.pace, EFFECTS: effects ?? '/dev/null' },
  });
}

const agent = openAgent();
await agent.start?.();
async function openStore(): Promise<Store> {
  if (redis !== undefined)
    return redisStore(fromNodeRedis(createClient({ url: redis })), { onWarning: () => {} });
  return data === undefined ? memoryStore() : sqliteStore({ path: data });
}

const secret = values['token-secret'];
const authenticate = secret && (await bearerJwt({ issuer: 'i', audience: 'a', secret }));
const server = createServer({
  store: await openStore(),
  agent,
  leaseMs: Number(values.lease),
  dueMs: 50,
  keepaliveMs: Number(values.keepalive),
  limits: values['turn-ms'] === undefined ? {} : { turnMs: Number(values['turn-ms']) },
  retention: values.retain === undefined ? {} : { entries: Number(values.retain) },
  ...(authenticate && { authenticate }),
  onError: () => {},
});
const listening = await listen(server, { port: Number(values.port) });
process.stdout.write(`serving on ${listening.url}\n`);

// Each line on stdin requests the figures. `gc` exists with --expose-gc only.
const questions = createInterface({ input: process.stdin }).on('line', () => {
  globalThis.gc?.();
  const resources = Object.groupBy(process.getActiveResourcesInfo(), (name) => name);
  const counts = Object.fromEntries(Object.entries(resources).map(([name, all]) => [name, all?.length ?? 0]));
  const { heapUsed, rss } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ load: server.load, counts, heapUsed, rss })}\n`);
});

await closeOnSignals(server, listening, { warn: console.error });
questions.close();
process.stdin.destroy();
