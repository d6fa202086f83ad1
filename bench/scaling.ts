// `npm run bench:scaling -- [--rounds 3] [--write]` measures what a stream and a token cost over Redis, and
// computes from that what a million streams need.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measure } from './scaling/measure.ts';
import type { ScalingCosts } from './scaling/measure.ts';
import { toCell } from './scaling/project.ts';
import { median } from './wire/measure.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
// Ends by `exit`, so that the handler for `exit` also ends the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const rounds = Number(values.rounds);
const sizes = values.quick
  ? { idle: 500, active: 50, seconds: 3, tokensPerSecond: 20 }
  : { idle: 3_000, active: 100, seconds: 10, tokensPerSecond: 20 };
const machines = { busy: 0.6, nodeBytes: 1024 ** 3 };
const measured: ScalingCosts[] = [];
for (let round = 0; round < rounds; round += 1) {
  measured.push(await measure(sizes));
  process.stderr.write(`${JSON.stringify(measured.at(-1))}\n`);
}

const lines: readonly (readonly [
  name: keyof ScalingCosts,
  symbol: string,
  what: string,
  unit: 'µs' | 'bytes' | '',
])[] = [
  ['streamBytes', '`m`', 'resident memory of a node, an open stream', 'bytes'],
  ['streamCpu', '`s`', 'CPU of a node, a silent stream, a second', 'µs'],
  ['nodeCpu', '`n`', 'CPU of a node that does nothing, a second', 'µs'],
  ['ownerCpu', '`o`', 'CPU of the node that runs the turn, a token', 'µs'],
  ['readerCpu', '`r`', 'CPU of the node that has its reader, a token', 'µs'],
  ['hintCpu', '`h`', 'CPU of each other node that has readers, a token', 'µs'],
  ['redisStreamCpu', '`S`', 'CPU of Redis, a silent stream, a second', 'µs'],
  ['redisNodeCpu', '`N`', 'CPU of Redis, a node that does nothing, a second', 'µs'],
  ['redisTokenCpu', '`T`', 'CPU of Redis, a token: append, hints to two nodes, read', 'µs'],
  ['redisHintCpu', '`H`', 'CPU of Redis, a token, for each node beyond two', 'µs'],
  ['scripts', '', 'scripts that Redis runs, a token', ''],
  ['tokenBytes', '', 'memory of Redis, a token that is kept', 'bytes'],
];
const [first] = measured;
if (first === undefined) throw new RangeError('At least one round is needed.');
const typical: Record<keyof ScalingCosts, number> = { ...first };
const costRows: string[] = [];
for (const [name, symbol, what, unit] of lines) {
  const figures = measured.map((costs) => costs[name]);
  const middle = median(figures);
  // Noise can make a cost negative. It then counts as 0.
  typical[name] = Math.max(0, middle);
  const show = (value: number): string =>
    Number((unit === 'µs' ? value * 1e6 : value).toPrecision(3)).toLocaleString('en');
  costRows.push(
    `| ${symbol} | ${what} | ${show(middle)} ${unit} | ${show(Math.min(...figures))}–${show(Math.max(...figures))} |`,
  );
}

const million = 1_000_000;
const cellRows = [0.01, 0.1].map((activeShare) => {
  const { tokensPerSecond } = sizes;
  const cell = toCell(typical, { streams: million, activeShare, tokensPerSecond }, machines);
  const cells = Math.ceil(million / cell.streams);
  const share = (load: number): string => `${Math.round(load * 100)} %`;
  return [
    `| ${share(activeShare)}`,
    (million * activeShare * tokensPerSecond).toLocaleString('en'),
    cell.streams.toLocaleString('en'),
    cell.nodes,
    `${share(cell.nodeLoad)} / ${share(cell.redisLoad)}`,
    `${Math.round(((cell.streams / cell.nodes) * typical.streamBytes) / 1024 ** 2)} MiB`,
    cells.toLocaleString('en'),
    `${(cells * cell.nodes).toLocaleString('en')} |`,
  ].join(' | ');
});

const text = [
  `**Measured** ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} shared cores of ${cpus()[0]?.model ?? 'an unknown CPU'}: medians of ${rounds} rounds, and the least and the most. ` +
    `Three nodes over one Redis (append-only file, \`everysec\`): one runs ${sizes.active} turns of ${sizes.tokensPerSecond} tokens a second for ${sizes.seconds} s, one has their readers, one has ${sizes.idle.toLocaleString('en')} silent streams.`,
  '',
  '| | | measured | |',
  '|---|---|---|---|',
  ...costRows,
  '',
  `**Computed** from these medians, for a million open streams, ${sizes.tokensPerSecond} tokens a second in each that speaks, with at most ${machines.busy * 100} % of a core for a node or a Redis and ${machines.nodeBytes / 1024 ** 3} GiB a node for its streams. None of it was run.`,
  '',
  '| streams that speak | tokens a second in all | streams a cell | nodes a cell | a node / its Redis is busy | memory of a node | cells, a Redis each | nodes in all |',
  '|---|---|---|---|---|---|---|---|',
  ...cellRows,
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/scaling.md', 'bench:scaling', text);
