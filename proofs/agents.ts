// F35, F36: `npm run proof:agents -- --kills 20 --seed 1 [--write]`.
// Kills the process of an agent, and in other rounds its server, at random moments under load, and checks the
// history of each kill.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/testing/index.ts';
import { agentKillRound } from '../test/rig/rounds/agent-kill-round.ts';
import { killRound } from '../test/rig/rounds/kill-round.ts';
import type { Round } from '../test/rig/rounds/kill-round.ts';
import { startServerChild } from '../test/rig/server-child.ts';
import type { ServerChild } from '../test/rig/server-child.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills);
const random = createRandom(Number(values.seed));
const folder = await mkdtemp(join(tmpdir(), 'heddle-agents-'));
const effects = join(folder, 'effects');
const place = ['--data', join(folder, 'heddle.db'), '--effects', effects];
const start = (): Promise<ServerChild> =>
  startServerChild([...place, '--python', 'test/rig/scripted_agent.py']);

const failures: string[] = [];
const rounds: { readonly agent: Round[]; readonly server: Round[] } = { agent: [], server: [] };
let child = await start();
for (const victim of ['agent', 'server'] as const)
  for (let kill = 1; kill <= kills; kill += 1) {
    const options = { child, random: random.fork(`${victim} ${kill}`), withinMs: 10_000 };
    const round =
      victim === 'agent'
        ? await agentKillRound({ ...options, pidFile: `${effects}.pid` })
        : await killRound({ ...options, restart: start });
    ({ child } = round);
    rounds[victim].push(round);
    for (const { rule, message } of round.violations) failures.push(`${victim} ${kill}: ${rule} ${message}`);
  }
await child.kill();

const lines = (await readFile(effects, 'utf8').catch(() => '')).split('\n').filter(Boolean);
const perTurn = Map.groupBy(lines, (line) => line.split(' ')[0] ?? '');
const twice = [...perTurn].filter(([, all]) => all.length > 1).map(([turn]) => turn);
for (const turn of twice) failures.push(`The tool had its effect twice in turn ${turn}.`);
await rm(folder, { recursive: true, force: true });

const all = [...rounds.agent, ...rounds.server];
const sum = (figure: (round: Round) => number): number =>
  all.reduce((total, round) => total + figure(round), 0);
report({
  name: 'agents',
  title: 'kill -9 of the process of an agent in Python, and of its server, in mid-turn (F35, F36)',
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    'kills of the process / of the server': `${rounds.agent.length} / ${rounds.server.length}`,
    'rules broken': sum(({ violations }) => violations.length),
    'log entries': sum(({ entries }) => entries),
    'turns ended': sum(({ turns }) => turns),
    'turns ended `failed`': sum(({ interrupted }) => interrupted),
    'tool effects / turns with more than one': `${lines.length} / ${twice.length}`,
  },
});
