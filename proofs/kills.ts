// F6, F7, F8: `npm run proof:kills -- --kills 200 --seed 1 [--write]`. Kills a server at random moments under load and judges each.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/testing/index.ts';
import { startChild } from './child.ts';
import { killRound } from './kill-round.ts';
import type { Round } from './kill-round.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills);
const leaseMs = 600;
// The promise: within the lease and five seconds.
const withinMs = leaseMs + 5_000;

const random = createRandom(Number(values.seed));
const folder = await mkdtemp(join(tmpdir(), 'heddle-kills-'));
const effects = join(folder, 'effects');
const start = (): ReturnType<typeof startChild> =>
  startChild(['--data', join(folder, 'heddle.db'), '--effects', effects, '--lease', String(leaseMs)]);

const rounds: Round[] = [];
const failures: string[] = [];
let child = await start();
for (let kill = 1; kill <= kills; kill += 1) {
  try {
    const round = await killRound({ child, restart: start, random: random.fork(kill), withinMs });
    rounds.push(round);
    ({ child } = round);
    for (const { rule, message } of round.violations) failures.push(`kill ${kill}: ${rule} ${message}`);
  } catch (error) {
    failures.push(`kill ${kill}: ${String(error)}`);
    await child.kill();
    child = await start();
  }
  if (kill % 20 === 0) process.stdout.write(`${kill} kills, ${failures.length} failures\n`);
}
await child.kill();

const lines = (await readFile(effects, 'utf8').catch(() => '')).split('\n').filter(Boolean);
const perTurn = Map.groupBy(lines, (line) => line.split(' ')[0] ?? '');
const twice = [...perTurn].filter(([, all]) => all.length > 1).map(([turn]) => turn);
for (const turn of twice) failures.push(`The tool had its effect twice in turn ${turn}.`);
await rm(folder, { recursive: true, force: true });

const sum = (figure: (round: Round) => number): number =>
  rounds.reduce((total, round) => total + figure(round), 0);
const recoveries = rounds.map(({ recoveryMs }) => recoveryMs).toSorted((one, other) => one - other);
await report({
  name: 'kills',
  title: 'kill -9 of the node in mid-turn, its readers behind a network of faults (F1, F6, F7, F8)',
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
    'from the next start to the last end, median / longest': `${Math.round(recoveries[Math.floor(recoveries.length / 2)] ?? 0)} / ${Math.round(recoveries.at(-1) ?? 0)} ms`,
  },
});
