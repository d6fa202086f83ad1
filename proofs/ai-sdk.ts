// `npm run proof:ai-sdk -- [--rounds 50] [--seed 1]`.
// Each client of the AI SDK, through connections that are cut at other places in each round.
import { parseArgs } from 'node:util';
import { aiSdk } from '../src/dialects/index.ts';
import { dialectContract } from '../src/testing/index.ts';
import { aiSdkOracles } from '../test/dialects/ai-sdk-clients.ts';
import { startWith } from '../test/rig/checked-server.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
const first = Number(values.seed);

// WorkflowChatTransport reports each cut.
console.error = () => {};

const start = startWith(aiSdk());
const failures: string[] = [];
for (const oracle of aiSdkOracles)
  for (const check of dialectContract.filter(({ name }) => name.startsWith('cut'))) {
    for (let seed = first; seed < first + rounds; seed += 1)
      await check.run(oracle, start, seed).catch((error: unknown) => failures.push(String(error)));
    console.log(`${oracle.name}: ${check.name}, ${rounds} rounds`);
  }
for (const failure of failures) console.log(failure);
console.log(failures.length === 0 ? 'All answers were whole.' : `${failures.length} rounds failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;
