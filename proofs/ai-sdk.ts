// `npm run proof:ai-sdk -- [--rounds 50] [--seed 1]`.
// Each client of the AI SDK, through connections that are cut at other places in each round.
import { parseArgs } from 'node:util';
import { aiSdk } from '../src/dialects/index.ts';
import { dialectContract } from '../src/testing/index.ts';
import { aiSdkOracles } from '../test/rig/ai-sdk-clients.ts';
import { startWith } from '../test/rig/checked-server.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
const first = Number(values.seed);

// WorkflowChatTransport reports each cut.
console.error = () => {};

const start = startWith(aiSdk());
const checks = dialectContract.filter(({ name }) => name.startsWith('cut'));
const failures: string[] = [];
for (const oracle of aiSdkOracles)
  for (const check of checks)
    for (let seed = first; seed < first + rounds; seed += 1)
      await check.run(oracle, start, seed).catch((error: unknown) => failures.push(String(error)));

report({
  name: 'ai-sdk',
  title: 'Each client of the AI SDK, through connections that are reset or end at any byte of an answer',
  seed: values.seed,
  write: false,
  failures,
  figures: {
    clients: aiSdkOracles.map(({ name }) => name).join('; '),
    answers: aiSdkOracles.length * checks.length * rounds,
    'answers that were not whole, or for which the agent was asked twice': failures.length,
  },
});
