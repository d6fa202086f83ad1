// F35, F36: kill -9 of an agent's process, and of its server. `proofs/agents.ts` has many rounds of both.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom } from 'heddle/testing';
import { createCleanUp } from '../rig/clean-up.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { agentKillRound } from '../rig/rounds/agent-kill-round.ts';
import { killRound } from '../rig/rounds/kill-round.ts';
import { startServerChild } from '../rig/server-child.ts';
import type { ServerChild } from '../rig/server-child.ts';

const cleanUp = createCleanUp();

test('F35 F36: kill -9 of the process of an agent, and then of its server, breaks no rule', async () => {
  const folder = temporaryFolder();
  cleanUp(folder.remove);
  const effects = join(folder.path, 'effects');
  const args = ['--data', join(folder.path, 'heddle.db'), '--effects', effects];
  const start = (): Promise<ServerChild> =>
    startServerChild([...args, '--python', 'test/rig/scripted_agent.py']);
  const random = createRandom(7);
  const options = { child: await start(), random: random.fork(1), withinMs: 10_000 };
  const first = await agentKillRound({ ...options, pidFile: `${effects}.pid` });
  expect(first.violations).toEqual([]);
  const second = await killRound({ ...options, random: random.fork(2), restart: start });
  cleanUp(second.child.kill);
  expect(second.violations).toEqual([]);
  const lines = readFileSync(effects, 'utf8').split('\n').filter(Boolean);
  expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(lines.length);
});
