// `npm run compare:resumable -- [--only Heddle] [--write]` plays the same faults to an answer over Redis,
// with Heddle and with Vercel's resumable-stream.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startRedis } from '../test/rig/redis-server.ts';
import { startBenchChild } from './delivery/child.ts';
import { wordCount } from './resumable/answer.ts';
import { cases } from './resumable/cases.ts';
import type { Case, ClusterNode } from './resumable/cases.ts';
import { heddle, resumableStream } from './resumable/contestant.ts';
import type { Contestant } from './resumable/contestant.ts';
import type { ReadOutcome } from './resumable/reader.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
// Ends by `exit`, so that the handler for `exit` also ends the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const contestants = [heddle, resumableStream].filter(({ name }) => (values.only ?? name) === name);
const rounds = Number(values.rounds);

const rows: string[] = [];
for (const one of cases) {
  for (const contestant of contestants) {
    const outcomes: ReadOutcome[] = [];
    for (let round = 0; round < rounds; round += 1) outcomes.push(...(await play(one, contestant)));
    rows.push(toRow(one, contestant, outcomes));
    process.stderr.write(`${rows.at(-1)}\n`);
  }
}

const text = [
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node}, ${rounds} rounds. An answer is ${wordCount} words in two seconds; nodes are processes of their own over one Redis, all with their defaults. ` +
    'A reader comes back each second until it is told of an end, or 404 or 422 says that there is nothing to come back to, for 30 s at most. It says what it has: to Heddle the last id, to resumable-stream the characters.',
  '',
  '| | | words shown, of those said | lost | repeated | told of the end | after |',
  '|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/redis.md', 'compare:resumable', text);

/** Plays a case with a Redis of its own, so that nothing of the case before is left. */
async function play(one: Case, contestant: Contestant): Promise<readonly ReadOutcome[]> {
  const redis = await startRedis();
  const program = fileURLToPath(new URL(`resumable/${contestant.program}`, import.meta.url));
  const start = async (): Promise<ClusterNode> => {
    const child = await startBenchChild('server', [
      process.execPath,
      '--conditions=@heddle/source',
      program,
      redis.url,
    ]);
    return { url: String(child.ready['url']), kill: child.stop };
  };
  const [first, second] = await Promise.all([start(), start()]);
  try {
    return await one.play(contestant, first, second);
  } finally {
    await Promise.all([first.kill(), second.kill()]);
    await redis.stop();
  }
}

function toRow({ title, said }: Case, { name }: Contestant, outcomes: readonly ReadOutcome[]): string {
  const cells: readonly ((outcome: ReadOutcome) => string | number)[] = [
    ({ words }) => `${new Set(words).size} of ${said}`,
    ({ words }) => said - new Set(words).size,
    ({ words }) => words.length - new Set(words).size,
    ({ told }) => told,
  ];
  const seconds = outcomes.map(({ ms }) => ms / 1_000);
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map((value) => value.toFixed(1));
  const after = least === most ? `${least} s` : `${least}–${most} s`;
  const shown = cells.map((cell) => [...new Set(outcomes.map(cell))].join(' or '));
  return `| ${[title, name, ...shown, after].join(' | ')} |`;
}
