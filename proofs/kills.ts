// F6, F7, F8: `npm run proof:kills -- --kills 200 --seed 1 [--store redis] [--write]`.
// Kills a server at random moments under load, and checks the history of each kill.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/testing/index.ts';
import { startServerChild } from '../test/rig/server-child.ts';
import type { ServerChild } from '../test/rig/server-child.ts';
import { killRound } from '../test/rig/rounds/kill-round.ts';
import type { Round } from '../test/rig/rounds/kill-round.ts';
import { startRedis } from '../test/rig/redis-server.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** `sqlite`: one node, which is started again. `redis`: two nodes, and the second one takes over. */
    store: { type: 'string', default: 'sqlite' },
    write: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills);
const leaseMs = 600;
// The promise: a turn ends within the lease and five seconds.
const withinMs = leaseMs + 5_000;

const random = createRandom(Number(values.seed));
const folder = await mkdtemp(join(tmpdir(), 'heddle-kills-'));
const effects = join(folder, 'effects');
const redis =
  values.store === 'redis' ? await startRedis({ appendonly: 'yes', appendfsync: 'everysec' }) : undefined;
const place = redis === undefined ? ['--data', join(folder, 'heddle.db')] : ['--redis', redis.url];
const start = (): Promise<ServerChild> =>
  startServerChild([...place, '--effects', effects, '--lease', String(leaseMs)]);

// With a shared store, one more node stands by.
let standby = redis && start();
const next = async (): Promise<ServerChild> => {
  if (standby === undefined) return start();
  const taken = await standby;
  standby = start();
  return taken;
};

const rounds: Round[] = [];
const failures: string[] = [];
let child = await start();
for (let kill = 1; kill <= kills; kill += 1) {
  await standby;
  try {
    const round = await killRound({ child, restart: next, random: random.fork(kill), withinMs });
    rounds.push(round);
    ({ child } = round);
    for (const { rule, message } of round.violations) failures.push(`kill ${kill}: ${rule} ${message}`);
  } catch (error) {
    failures.push(`kill ${kill}: ${String(error)}`);
    await child.kill();
    child = await next();
  }
  if (kill % 20 === 0) process.stdout.write(`${kill} kills, ${failures.length} failures\n`);
}
await child.kill();
await (await standby)?.kill();
await redis?.stop();

const lines = (await readFile(effects, 'utf8').catch(() => '')).split('\n').filter(Boolean);
const perTurn = Map.groupBy(lines, (line) => line.split(' ')[0] ?? '');
const twice = [...perTurn].filter(([, all]) => all.length > 1).map(([turn]) => turn);
for (const turn of twice) failures.push(`The tool had its effect twice in turn ${turn}.`);
await rm(folder, { recursive: true, force: true });

const sum = (figure: (round: Round) => number): number =>
  rounds.reduce((total, round) => total + figure(round), 0);
const at = (times: readonly number[], share: number): number =>
  Math.round(times.toSorted((one, other) => one - other)[Math.floor(times.length * share)] ?? 0);
const recoveries = rounds.map(({ recoveryMs }) => recoveryMs);
const pauses = rounds.flatMap(({ pausesMs }) => pausesMs);
report({
  name: redis === undefined ? 'kills' : 'kills-redis',
  title:
    redis === undefined
      ? 'kill -9 of the node in mid-turn, its readers behind a network of faults (F1, F6, F7, F8)'
      : `kill -9 of the node that owns the turns, over Redis; another one, which runs already, takes them over. A lease of ${leaseMs} ms (F1, F6, F7, F8)`,
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    kills: rounds.length,
    'rules broken': sum(({ violations }) => violations.length),
    'log entries': sum(({ entries }) => entries),
    'turns ended': sum(({ turns }) => turns),
    'turns begun again by the next node': sum(({ restarted }) => restarted),
    'turns ended `failed`': sum(({ interrupted }) => interrupted),
    'connections of readers': sum(({ connections }) => connections),
    'connections cut by the proxy': sum(({ cuts }) => cuts),
    'tool effects / turns with more than one': `${lines.length} / ${twice.length}`,
    'from the next start to the last end, median / longest': `${at(recoveries, 0.5)} / ${at(recoveries, 1 - 1e-9)} ms`,
    'from the kill to the next event of an open turn at its readers, median / p99 / readers': `${at(pauses, 0.5)} / ${at(pauses, 0.99)} ms / ${pauses.length}`,
  },
});
