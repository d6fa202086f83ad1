/**
 * Measures what it costs to send events to many sockets, for Heddle and its peers in one run:
 * `node bench/delivery.ts`.
 * `--only broadcast,idle` and `--servers ours-memory,raw` choose workloads and servers, `--quick` runs
 * shorter and smaller, and `--write` writes the tables of a whole run into docs/performance.md.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { isPinned } from './delivery/child.ts';
import type { ServerKind } from './delivery/server.ts';
import { reference, servers } from './delivery/servers.ts';
import { toDeliveryTable, toPeersTable, toTargets } from './delivery/table.ts';
import type { BenchRound } from './delivery/table.ts';
import { findGap } from './delivery/whole.ts';
import type { Work } from './delivery/work.ts';
import { works } from './delivery/works.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    servers: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const scale = values.quick ? { time: 0.35, size: 0.1 } : { time: 1, size: 1 };
const rounds = Number(values.rounds);
const notes: string[] = [];

const taking = choose(servers, values.servers).filter(({ name, lacks }) => {
  const lack = lacks?.();
  if (lack !== undefined) notes.push(`${name} is left out: ${lack}.`);
  return lack === undefined;
});

// Checked before the run too, because a run is long.
failOnGap();

// Ends by `exit`, so that the handler for `exit` also ends the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const measured: (readonly [Work, Map<string, Map<string, BenchRound[]>>])[] = [];
for (const work of choose(works, values.only)) {
  const results = new Map<string, Map<string, BenchRound[]>>();
  const kinds = taking.filter((kind) => kind.works.includes(work.name));
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another server, so that other work on the machine affects all of them alike.
    for (const index of kinds.keys())
      await measure(work, results, kinds[(index + round) % kinds.length], round);
  }
  measured.push([work, sort(results)]);
}

const lines = [
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown CPU'}: ` +
    `medians of ${rounds} rounds in turns. ${isPinned ? 'The server has one core, the load generator the other.' : 'Server and load generator share the cores.'} ` +
    `× ${reference}: how many times as good as node:http with res.write, by the column before it, in the same round (least–most); above 1 is better.`,
  '',
  ...measured.flatMap(([work, results]) => [
    ...toDeliveryTable(work, results, reference),
    ...toPeersTable(work, results),
  ]),
  ...toTargets(measured),
  ...notes,
];
const text = lines.join('\n').trimEnd();
process.stdout.write(`\n${text}\n`);
failOnGap();
if (values.write) writeTable('docs/performance.md', 'bench:delivery', text);

async function measure(
  work: Work,
  results: Map<string, Map<string, BenchRound[]>>,
  kind: ServerKind | undefined,
  round: number,
): Promise<void> {
  if (kind === undefined) return;
  try {
    const time = scale.time * (kind.share ?? 1);
    for (const { variant, figures } of await work.run(kind, { ...scale, time })) {
      const variants = results.get(variant) ?? new Map<string, BenchRound[]>();
      results.set(variant, variants);
      variants.set(kind.name, [...(variants.get(kind.name) ?? []), { round, figures }]);
      const shown = figures.map((figure) => Number(figure.toPrecision(3))).join(' ');
      process.stderr.write(`${round + 1} ${work.name}, ${variant}: ${kind.name} ${shown}\n`);
    }
  } catch (error) {
    notes.push(
      `${kind.name} failed at ${work.name}: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.stderr.write(`${notes.at(-1)}\n`);
    process.exitCode = 1;
  }
}

/** Throws an Error if the figures are to be written and the run has gaps. */
function failOnGap(): void {
  const gap = values.write ? findGap({ ...values, rounds }, notes) : undefined;
  if (gap !== undefined) throw new Error(gap);
}

/** Puts the servers into one order, since each round began with another one. */
function sort(
  results: ReadonlyMap<string, Map<string, BenchRound[]>>,
): Map<string, Map<string, BenchRound[]>> {
  return new Map(
    [...results].map(([variant, found]) => [
      variant,
      new Map(
        taking.flatMap(({ name }) => (found.has(name) ? [[name, found.get(name) ?? []] as const] : [])),
      ),
    ]),
  );
}

/** Returns the members of a comma-separated list of names, or all members without a list. */
function choose<Named extends { readonly name: string }>(
  all: readonly Named[],
  names: string | undefined,
): Named[] {
  if (names === undefined) return [...all];
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined)
      throw new TypeError(`There is no ${name}; there are: ${all.map((one) => one.name).join(', ')}.`);
    return found;
  });
}
