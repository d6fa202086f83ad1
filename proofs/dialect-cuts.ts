// `npm run proof:dialect-cuts -- [--rounds 50] [--seed 1]`: the clients of dialects through many cut connections.
// Each round cuts up to six connections of one answer at random bytes, by resets or by clean ends.
import { parseArgs } from 'node:util';
import { agUi } from 'heddle/dialects';
import { dialectContract } from 'heddle/testing';
import { agUiOracles } from '../test/rig/ag-ui/ag-ui-oracles.ts';
import { startWith } from '../test/rig/checked-server.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

// CopilotKit connects in a page only, and these clients report each cut.
Object.assign(globalThis, { window: globalThis });
Object.assign(console, { error: () => {}, warn: () => {} });

const start = startWith(agUi());
const oracles = Object.values(agUiOracles);
const checks = dialectContract.filter(({ name }) => name.startsWith('cut by '));
const failures: string[] = [];
const figures: Record<string, string> = {};
for (const oracle of oracles)
  for (const check of checks) {
    let passed = 0;
    for (let round = 0; round < Number(values.rounds); round += 1)
      try {
        await check.run(oracle, start, Number(values.seed) + round);
        passed += 1;
      } catch (error) {
        failures.push(String(error));
      }
    figures[`${oracle.name}, ${check.name}`] =
      `${passed} of ${values.rounds} answers whole, agent asked once`;
  }
report({
  name: 'dialect-cuts',
  title: 'Answers to clients of dialects, whose connections are cut at random bytes',
  seed: values.seed,
  write: false,
  failures,
  figures,
});
