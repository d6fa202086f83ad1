// F35, F36: `npm run proof:agents -- --kills 20 --seed 1 [--write]`.
// Kills the process of an agent, an agent behind a URL, and in other rounds the server, at random moments under
// load, and checks the history of each kill.
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
import { startUpstreamChild } from '../test/rig/upstream-child.ts';
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
const upstream = await startUpstreamChild(`${effects}.upstream`);
const agents = {
  process: ['--python', 'test/rig/scripted_agent.py'],
  upstream: ['--url', upstream.url],
} as const;
const startWith = (agent: keyof typeof agents) => (): Promise<ServerChild> =>
  startServerChild(['--data', join(folder, `${agent}.db`), '--effects', effects, ...agents[agent]]);

const failures: string[] = [];
const all: Round[] = [];
/** The agent, and the file with the id of its process. */
const victims = [
  ['process', `${effects}.pid`],
  ['upstream', `${effects}.upstream.pid`],
] as const;
for (const [agent, pidFile] of victims) {
  const start = startWith(agent);
  let child = await start();
  for (const victim of [agent, 'server'])
    for (let kill = 1; kill <= kills; kill += 1) {
      const name = `${victim} of a ${agent} ${kill}`;
      const options = { child, random: random.fork(name), withinMs: 10_000 };
      const round =
        victim === 'server'
          ? await killRound({ ...options, restart: start })
          : await agentKillRound({ ...options, pidFile });
      ({ child } = round);
      all.push(round);
      for (const { rule, message } of round.violations) failures.push(`${name}: ${rule} ${message}`);
    }
  await child.kill();
}
await upstream.stop();

const effectsOf = async (file: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
const lines = [...(await effectsOf(effects)), ...(await effectsOf(`${effects}.upstream`))];
const perTurn = Map.groupBy(lines, (line) => line.split(' ')[0] ?? '');
const twice = [...perTurn].filter(([, all]) => all.length > 1).map(([turn]) => turn);
for (const turn of twice) failures.push(`The tool had its effect twice in turn ${turn}.`);
await rm(folder, { recursive: true, force: true });

const sum = (figure: (round: Round) => number): number =>
  all.reduce((total, round) => total + figure(round), 0);
report({
  name: 'agents',
  title:
    'kill -9 of the process of an agent in Python, of an agent behind a URL, and of the servers of both, in mid-turn (F35, F36)',
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    'kills of the process / of its server / of the agent behind a URL / of its server': `${kills} each`,
    'rules broken': sum(({ violations }) => violations.length),
    'log entries': sum(({ entries }) => entries),
    'turns ended': sum(({ turns }) => turns),
    'turns ended `failed`': sum(({ interrupted }) => interrupted),
    'tool effects / turns with more than one': `${lines.length} / ${twice.length}`,
  },
});
