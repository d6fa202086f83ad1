// F13: `npm run proof:races -- [--races 1000] [--seed 1] [--write]`.
// Sends the same request to two or three nodes over one Redis at the same moment, and checks each race.
import { parseArgs } from 'node:util';
import { createRandom } from '../src/testing/index.ts';
import { startServerChild } from '../test/rig/server-child.ts';
import { raceRound } from '../test/rig/rounds/race-round.ts';
import type { RaceRound } from '../test/rig/rounds/race-round.ts';
import { startRedis } from '../test/rig/redis-server.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    races: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
});
/** Races in each session. */
const races = 10;

const random = createRandom(Number(values.seed));
const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
const args = ['--redis', redis.url, '--lease', '10000', '--pace', '5'];
const nodes = await Promise.all([1, 2, 3].map(() => startServerChild(args)));
const rounds: RaceRound[] = [];
const failures: string[] = [];
for (let round = 1; round <= Number(values.races) / races; round += 1) {
  try {
    const judged = await raceRound({ nodes, random: random.fork(round), races });
    rounds.push(judged);
    failures.push(...judged.failures.map((failure) => `session ${round}: ${failure}`));
  } catch (error) {
    failures.push(`session ${round}: ${String(error)}`);
  }
}
for (const node of nodes) await node.kill();
await redis.stop();

const sum = (figure: (round: RaceRound) => number): number =>
  rounds.reduce((total, round) => total + figure(round), 0);
const kinds = Map.groupBy(
  rounds.flatMap((round) => round.kinds),
  (kind) => kind,
);
const first = rounds.flatMap((round) => round.first);
report({
  name: 'races',
  title:
    'The same request, with the same idempotency key, to two or three of three nodes over one Redis within two milliseconds (F13)',
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    races: [...kinds.values()].reduce((total, all) => total + all.length, 0),
    'among them': [...kinds].map(([kind, all]) => `${kind} ${all.length}`).join(', '),
    requests: sum((round) => round.requests),
    'rules broken, answers that differ, messages too many or too few': failures.length,
    'answered first by each node': nodes
      .map((_, node) => first.filter((each) => each === node).length)
      .join(' / '),
    'refused with `key_reused`, where the other message had the key first': sum(({ refused }) => refused),
    'log entries': sum(({ entries }) => entries),
    'turns ended': sum(({ turns }) => turns),
    'turns that a cancel stopped': sum(({ cancelled }) => cancelled),
  },
});
