// `npm run proof:dialects -- [--rounds 50] [--seed 1] [--write]`: every client of every dialect through every
// check of the contract. The checks that cut connections run so many rounds, each with other cuts. Then
// random sessions (`--sessions 1000`) go through the decoder of A2A. `--write` replaces the table in
// docs/dialects.md.
import { parseArgs } from 'node:util';
import { a2a, agUi, aiSdk, openAi } from 'heddle/dialects';
import { dialectContract } from 'heddle/testing';
import type { DialectCheck, DialectOracle, StartCheckedServer } from 'heddle/testing';
import { writeTable } from '../scripts/write-table.ts';
import { startWith } from '../test/rig/checked-server.ts';
import { a2aOracles } from '../test/rig/dialects/a2a-clients.ts';
import { agUiOracles } from '../test/rig/dialects/ag-ui-clients.ts';
import { aiSdkOracles } from '../test/rig/dialects/ai-sdk-clients.ts';
import { checkA2aSession } from '../test/rig/dialects/check-a2a-session.ts';
import { runRandomSession } from '../test/rig/dialects/random-session.ts';
import { openAiOracles } from '../test/rig/dialects/open-ai-clients.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    sessions: { type: 'string', default: '1000' },
    write: { type: 'boolean', default: false },
  },
});
/** Rounds of one check that run at the same time. */
const atOnce = 25;
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];

// CopilotKit connects in a page only, and some clients report each cut.
Object.assign(globalThis, { window: globalThis });
Object.assign(console, { error: () => {}, warn: () => {} });

type Client = readonly [StartCheckedServer, DialectOracle];

/** The clients of each table. */
const tables: readonly (readonly Client[])[] = [
  [
    ...aiSdkOracles.map((oracle): Client => [startWith(aiSdk()), oracle]),
    ...Object.values(agUiOracles).map((oracle): Client => [startWith(agUi()), oracle]),
  ],
  Object.values(a2aOracles).map((oracle): Client => [startWith(a2a()), oracle]),
  openAiOracles.map((oracle): Client => [startWith(openAi()), oracle]),
];
const limits: string[] = [];
const failures: string[] = [];
let runs = 0;

/** Runs a check in all its rounds. Returns the cell of the table. */
async function toCell(
  start: StartCheckedServer,
  oracle: DialectOracle,
  check: DialectCheck,
): Promise<string> {
  const limit = oracle.cannot?.[check.name];
  const times = check.name.startsWith('cut') && limit === undefined ? rounds : 1;
  // Most of a round is waiting for the next attempt to connect, so many run at once.
  const errors: unknown[] = [];
  for (let first = 0; first < times; first += atOnce) {
    const seeds = Array.from({ length: Math.min(atOnce, times - first) }, (_, index) => seed + first + index);
    const run = (each: number): Promise<unknown> =>
      check.run(oracle, start, each).catch((thrown: unknown) => thrown);
    errors.push(...(await Promise.all(seeds.map(run))));
  }
  runs += times;
  const wrong = errors.filter((error) => (error === undefined) !== (limit === undefined));
  for (const error of wrong)
    failures.push(
      limit === undefined ? String(error) : `${oracle.name}: ${check.name}: it can, but: ${limit}`,
    );
  if (wrong.length > 0) return '✗';
  if (limit === undefined) return times > 1 ? `${times}` : '✓';
  if (!limits.includes(limit)) limits.push(limit);
  return `(${limits.indexOf(limit) + 1})`;
}

/** Runs every check with the clients of a table. */
async function toTable(clients: readonly Client[]): Promise<string> {
  const rows = [];
  for (const check of dialectContract) {
    const cells = [];
    for (const [start, oracle] of clients) cells.push(await toCell(start, oracle, check));
    rows.push(`| ${check.name} | ${cells.join(' | ')} |`);
  }
  return [
    `| case | ${clients.map(([, { name }]) => name).join(' | ')} |`,
    `|---${'|---'.repeat(clients.length)}|`,
    ...rows,
  ].join('\n');
}

const shown: string[] = [];
for (const clients of tables) shown.push(await toTable(clients));
const table = [
  `Run on ${new Date().toISOString().slice(0, 10)} with seed ${seed}. A number is that of rounds, each with other cuts.`,
  ...shown,
  limits.map((limit, index) => `${index + 1}. ${limit}`).join('\n'),
].join('\n\n');
process.stdout.write(`${table}\n`);

const a2aCount = { frames: 0, subscriptions: 0 };
for (let each = seed; each < seed + Number(values.sessions); each += 1)
  try {
    const { session, log } = await runRandomSession(each);
    await checkA2aSession(session, log, a2aCount);
  } catch (error) {
    failures.push(`random session ${each} in A2A: ${String(error)}`);
  }
report({
  name: 'dialects',
  title: 'Every client of every dialect through every check, with connections that are cut at any byte',
  seed: values.seed,
  write: false,
  failures,
  figures: {
    clients: tables.flat().length,
    checks: dialectContract.length,
    runs,
    'random sessions in A2A': values.sessions,
    'their frames': a2aCount.frames,
    'their subscriptions': a2aCount.subscriptions,
    failures: failures.length,
  },
});
if (values.write && failures.length === 0) writeTable('docs/dialects.md', 'proof:dialects', table);
