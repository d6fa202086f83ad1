/**
 * Measures how fast the parser and the encoder are beside their peers, in one run:
 * `node bench/wire.ts [--write]`. `--write` replaces the table in docs/performance.md.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type EncoderInput, encoders } from './wire/encoders.ts';
import { identifiedDeltas } from './wire/fixtures.ts';
import { measureInTurns, median, medianRatio, type Times } from './wire/measure.ts';
import { iterated, pushed, type WireParser } from './wire/parsers.ts';
import { createScenarios, type Scenario } from './wire/scenarios.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '31' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);

const lines = [
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown CPU'}: ` +
    `medians of the ratios of ${rounds} rounds in turns. Above 1, Heddle is faster. openai and anthropic only iterate a Response, and stand against \`parse()\` over the same Response.`,
  '',
  '| stream | events/s | × eventsource-parser | target | × undici | × openai | × anthropic |',
  '|---|---|---|---|---|---|---|',
];
const scenarios = createScenarios().filter(({ fixture }) => fixture.name.includes(values.only));
// All pushed parsers are measured before all iterated ones. Few programs use both, and a parser that was
// called in both ways is compiled in another way than in such programs.
const rows = new Map<Scenario, readonly string[]>();
for (const scenario of scenarios) {
  const times = await read(scenario, pushed);
  const perSecond = scenario.fixture.events / (median(times.get('heddle') ?? []) / 1e9);
  const cells = [
    scenario.fixture.name,
    toShort(perSecond),
    ratio(times, 'eventsource-parser', 'heddle'),
    scenario.target === undefined ? '' : `≥ ${scenario.target.toFixed(1)}`,
    ratio(times, 'undici', 'heddle'),
  ];
  process.stdout.write(`${cells.join(' | ')}\n`);
  rows.set(scenario, cells);
}
for (const [scenario, cells] of rows) {
  const times = await read(scenario, iterated);
  const further = ['openai', 'anthropic'].map((peer) => ratio(times, peer, 'heddle parse()'));
  lines.push(`| ${[...cells, ...further].join(' | ')} |`);
}
lines.push('', ...(await encoderRows()));

const table = lines.join('\n');
process.stdout.write(`\n${table}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:wire', table);

async function read(
  { fixture, json }: Scenario,
  readers: Readonly<Record<string, WireParser>>,
): Promise<ReadonlyMap<string, Times>> {
  let sum = 0;
  const onData = (data: string): void => {
    sum += data.length;
    if (json) JSON.parse(data);
  };
  const times = await measureInTurns(
    Object.entries(readers).map(([name, reader]) => ({ name, run: () => reader(fixture.chunks, onData) })),
    readers === iterated ? Math.ceil(rounds / 3) : rounds,
  );
  if (sum === 0) throw new Error('Nothing was read.');
  return times;
}

async function encoderRows(): Promise<string[]> {
  const frames = identifiedDeltas(2000).map(({ event = '', id = '', data }): EncoderInput => ({
    event,
    id,
    data,
  }));
  let sum = 0;
  const names = Object.keys(encoders);
  const times = await measureInTurns(
    Object.entries(encoders).map(([name, encode]) => ({
      name,
      run: () => {
        for (const frame of frames) sum += encode(frame).length;
      },
    })),
    rounds,
  );
  if (sum === 0) throw new Error('Nothing was encoded.');
  const perSecond = frames.length / (median(times.get('heddle') ?? []) / 1e9);
  const peers = names.filter((name) => name !== 'heddle');
  return [
    `| encoder | events/s | ${peers.map((name) => `× ${name} (target ≥ 1.0)`).join(' | ')} |`,
    `|---|---|${peers.map(() => '---|').join('')}`,
    `| event, id and JSON | ${toShort(perSecond)} | ${peers.map((name) => ratio(times, name, 'heddle')).join(' | ')} |`,
  ];
}

function ratio(times: ReadonlyMap<string, Times>, peer: string, own: string): string {
  return medianRatio(times.get(peer), times.get(own))?.toFixed(2) ?? '–';
}

function toShort(perSecond: number): string {
  return perSecond >= 1e6
    ? `${(perSecond / 1e6).toFixed(1)} M`
    : `${(perSecond / 1e3).toFixed(perSecond >= 1e4 ? 0 : 1)} k`;
}
