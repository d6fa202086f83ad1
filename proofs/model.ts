// `npm run proof:model -- --runs 1000 --seed 1 [--sqlite 100] [--redis 100] [--path …] [--write]`
// Runs worlds of fifty random commands, and checks the history of each.
import { parseArgs } from 'node:util';
import { runModel } from '../test/rig/world/run-worlds.ts';
import type { WorldVerdict } from '../test/rig/world/judge-world.ts';
import type { WorldContext } from '../test/rig/world/world.ts';
import { report } from './report.ts';
import { startRedis } from '../test/rig/redis-server.ts';
import { shareMemory, shareRedis, shareSqlite } from '../test/rig/shared-stores.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    sqlite: { type: 'string', default: '100' },
    redis: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** The path of a failure that was printed earlier. Runs that one again. */
    path: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const redis = Number(values.redis) > 0 ? await startRedis() : undefined;
const verdicts: WorldVerdict[] = [];
const failures: string[] = [];
const stores: readonly (readonly [string, () => Promise<WorldContext>])[] = [
  [values.runs, shareMemory],
  [values.sqlite, shareSqlite],
  ...(redis ? [[values.redis, () => shareRedis(redis)] as const] : []),
];
for (const [runs, share] of stores) {
  if (Number(runs) === 0) continue;
  await runModel({
    runs: Number(runs),
    commands: 50,
    seed: Number(values.seed),
    ...(values.path !== undefined && { path: values.path }),
    share,
    onVerdict: (verdict) => verdicts.push(verdict),
  }).catch((error: unknown) =>
    failures.push(error instanceof Error ? `${error.message} ${String(error.cause)}` : String(error)),
  );
}
await redis?.stop();
const sum = (figure: (verdict: WorldVerdict) => number): number =>
  verdicts.reduce((total, verdict) => total + figure(verdict), 0);
report({
  name: 'model',
  title: 'Any commands in any order on two processes over one store, up to 50 a world',
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    'worlds over memory / SQLite / Redis': `${values.runs} / ${values.sqlite} / ${values.redis}`,
    'rules broken': sum(({ violations }) => violations.length),
    'tools that had their effect twice': sum(({ repeatedEffects }) => repeatedEffects.length),
    'log entries': sum(({ entries }) => entries),
    'turns ended': sum(({ turns }) => turns),
    'logs trimmed': sum(({ trims }) => trims),
    'readers / their connections': `${sum(({ readers }) => readers)} / ${sum(({ connections }) => connections)}`,
  },
});
