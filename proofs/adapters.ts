// `npm run proof:adapters -- --runs 200 --seed 1 [--adapter strands] [--path …] [--write]`
// Runs worlds of fifty random commands for each adapter of an agent library, over the library's own loop.
import { parseArgs } from 'node:util';
import { createAiSdkOracle } from '../src/agents/ai-sdk/ai-sdk-oracle.fixture.ts';
import type { Oracle } from '../src/agents/kit/oracle.fixture.ts';
import { openaiOracle } from '../src/agents/openai-agents/openai-oracle.fixture.ts';
import { langgraphOracle } from '../src/agents/langgraph/langgraph-oracle.fixture.ts';
import { strandsOracle } from '../src/agents/strands/strands-oracle.fixture.ts';
import type { WorldVerdict } from '../test/rig/world/judge-world.ts';
import { runModel } from '../test/rig/world/run-worlds.ts';
import { stageFor } from '../test/rig/world/staged-agent.ts';
import { shareMemory } from '../test/rig/shared-stores.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** Runs this adapter only. */
    adapter: { type: 'string' },
    /** The path of a failure that was printed earlier. Runs that one again. */
    path: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const oracles: readonly (readonly [string, Oracle])[] = [
  ['langgraph', langgraphOracle],
  ['strands', strandsOracle],
  ['openai-agents', openaiOracle],
  ['ai-sdk', createAiSdkOracle(7, 'agent')],
  ['ai-sdk-6', createAiSdkOracle(6, 'text')],
];
const failures: string[] = [];
const figures: Record<string, string> = {};
for (const [name, oracle] of oracles) {
  if (values.adapter !== undefined && values.adapter !== name) continue;
  const verdicts: WorldVerdict[] = [];
  await runModel({
    runs: Number(values.runs),
    commands: 50,
    seed: Number(values.seed),
    ...(values.path !== undefined && { path: values.path }),
    share: shareMemory,
    onVerdict: (verdict) => verdicts.push(verdict),
    createAgent: stageFor(oracle),
  }).catch((error: unknown) =>
    failures.push(
      `${name}: ${error instanceof Error ? `${error.message} ${String(error.cause)}` : String(error)}`,
    ),
  );
  const sum = (figure: (verdict: WorldVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + figure(verdict), 0);
  const effects = sum((verdict) => verdict.effects);
  const broken = sum(({ violations }) => violations.length);
  const twice = sum(({ repeatedEffects }) => repeatedEffects.length);
  figures[`${name}: worlds / entries / tool effects / rules broken / effects twice`] = [
    verdicts.length,
    sum(({ entries }) => entries),
    effects,
    broken,
    twice,
  ].join(' / ');
}
report({
  name: 'adapters',
  title: "Any commands in any order over each adapter's own library, up to 50 a world",
  seed: values.seed,
  write: values.write,
  failures,
  figures,
});
