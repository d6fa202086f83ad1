// Runs random commands on two processes over one store. The checker's rules must hold. `npm run proof:model`
// has the long runs.
import { expect, test } from 'vitest';
import { runModel } from '../rig/world/run-worlds.ts';
import type { WorldVerdict } from '../rig/world/judge-world.ts';
import { startRedis } from '../rig/redis-server.ts';
import { shareMemory, shareRedis, shareSqlite } from '../rig/shared-stores.ts';

test('forty worlds of fifty commands keep every rule, over memory', async () => {
  const verdicts: WorldVerdict[] = [];
  await runModel({ runs: 40, commands: 50, share: shareMemory, onVerdict: (one) => verdicts.push(one) });
  // Twin: there was something to check.
  expect(sum(verdicts, ({ turns }) => turns)).toBeGreaterThan(20);
  expect(sum(verdicts, ({ connections }) => connections)).toBeGreaterThan(20);
}, 120_000);

test('ten worlds of fifty commands keep every rule, over a SQLite file that both processes open', async () => {
  const verdicts: WorldVerdict[] = [];
  await runModel({ runs: 10, commands: 50, share: shareSqlite, onVerdict: (one) => verdicts.push(one) });
  expect(sum(verdicts, ({ turns }) => turns)).toBeGreaterThan(3);
}, 120_000);

test('ten worlds of fifty commands keep every rule, over a Redis that both processes use', async () => {
  const server = await startRedis();
  const verdicts: WorldVerdict[] = [];
  try {
    await runModel({
      runs: 10,
      commands: 50,
      share: () => shareRedis(server),
      onVerdict: (one) => verdicts.push(one),
    });
  } finally {
    await server.stop();
  }
  expect(sum(verdicts, ({ turns }) => turns)).toBeGreaterThan(3);
}, 120_000);

function sum(verdicts: readonly WorldVerdict[], figure: (verdict: WorldVerdict) => number): number {
  return verdicts.reduce((total, verdict) => total + figure(verdict), 0);
}
