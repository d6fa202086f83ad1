// `npm run proof:cells -- [--streams 1000] [--seed 1] [--write]`. Two cells of two nodes over a Redis each,
// behind the nginx and the HAProxy of deploy/cells/. The Redis of one cell is killed under open streams, the
// other one moves to another Redis, and a third one is added. Writes the table of docs/scaling.md.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/testing/index.ts';
import type { WordArrival, CellName } from '../test/rig/cells/room.ts';
import { cellRound } from '../test/rig/rounds/cell-round.ts';
import type { CellRound } from '../test/rig/rounds/cell-round.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1000' },
    owners: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
});
const [streams, owners] = [Number(values.streams), Number(values.owners)];
const [paceMs, restMs, downMs] = [1_000, 15_000, 5_000];

const failures: string[] = [];
const rows: string[] = [];
const figures: string[] = [];
const loads: number[] = [];
for (const [index, front] of (['nginx', 'HAProxy'] as const).entries()) {
  const random = createRandom(Number(values.seed)).fork(index);
  loads.push(loadavg()[0] ?? 0);
  const round = await cellRound({ front, streams, owners, paceMs, restMs, downMs, random });
  for (const cell of ['one', 'two'] as const) rows.push(toRow(front, round, cell));
  figures.push(...toFigures(front, round));
  for (const failure of toFailures(round)) failures.push(`${front}: ${failure}`);
}

const text = [
  `**Run** ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node}, seed ${values.seed}: ${streams.toLocaleString('en')} streams of ${owners} owners, with one session each, and a word every ${paceMs.toLocaleString('en')} ms in each session. The Redis of cell one is killed (\`kill -9\`) after ${restMs / 1_000} s, started again after ${downMs / 1_000} s, and watched for ${restMs / 1_000} s more. ` +
    'Late is the time from the agent to the reader (p50 / p99 / most); a gap is the longest time between two words of a turn at a reader. ' +
    `All processes share one machine with other work: before each round, ${loads.map((load) => load.toFixed(1)).join(' and ')} processes waited for its cores. So compare the rows, not the milliseconds.`,
  '',
  '| proxy | cell | streams | late before | while the Redis of cell one is down | after it is up | gap before / down / after | streams that ended |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
  '',
  ...figures,
].join('\n');
process.stdout.write(`${text}\n`);
for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
if (failures.length > 0) process.exitCode = 1;
else if (values.write) writeTable('docs/scaling.md', 'proof:cells', text);

function toRow(front: string, round: CellRound, cell: CellName): string {
  const phases = toPhases(round, cell);
  const gaps = phases.map((all) => toMost(all.flatMap(({ gapMs }) => gapMs ?? [])).toLocaleString('en'));
  return [
    `| ${front}`,
    cell,
    round.readers[cell],
    ...phases.map((all) => toLateness(all.map(({ lateMs }) => lateMs))),
    `${gaps.join(' / ')} ms`,
    `${countEnded(round, cell)} |`,
  ].join(' | ');
}

/** Returns the words at the readers of a cell: before the kill, until the Redis is up again, and after. */
function toPhases({ arrivals, times }: CellRound, cell: CellName): readonly (readonly WordArrival[])[] {
  const { begun, killed, up, moving } = times;
  const within = (from: number, to: number): readonly WordArrival[] =>
    arrivals.filter((arrival) => arrival.cell === cell && arrival.atMs >= from && arrival.atMs < to);
  return [within(begun, killed), within(killed, up), within(up, moving)];
}

/** Returns how many streams of a cell ended before cell two moved. */
function countEnded({ returns, times }: CellRound, cell: CellName): number {
  return returns.filter((each) => each.cell === cell && each.atMs < times.moving).length;
}

function toLateness(times: readonly number[]): string {
  if (times.length === 0) return 'nothing arrives';
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toLocaleString('en');
  return `${at(0.5)} / ${at(0.99)} / ${toMost(times).toLocaleString('en')} ms`;
}

function toMost(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), 0);
}

function toFigures(front: string, round: CellRound): readonly string[] {
  const { history, violations, arrivals, returns, times, endedAtReload, third } = round;
  const events = history.logs.flatMap(({ entries }) => entries.map(({ event }) => event));
  const begunAgain = events.filter((event) => event.type === 'message_start' && event.attempt > 1).length;
  const firstNew = arrivals
    .filter(({ cell, atMs, lateMs }) => cell === 'one' && atMs - lateMs >= times.up)
    .reduce((first, { atMs }) => Math.min(first, atMs), Infinity);
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const count = (what: number): string => what.toLocaleString('en');
  return [
    `- ${front}, in all: ${count(events.length)} log entries, ${count(arrivals.length)} words at readers, ${events.filter(({ type }) => type === 'message_end').length} turns ended, ${begunAgain} of them begun again; ${violations.length} words lost, doubled or out of order.`,
    `- ${front}, the first new word of cell one: ${seconds(firstNew - times.up)} after its Redis was up.`,
    `- ${front}, cell two moves to another Redis under its streams: ${seconds(times.moved - times.moving)} from the first step to the last node, ${returns.filter(({ cell, atMs }) => cell === 'two' && atMs >= times.moving).length.toLocaleString('en')} responses to readers that came back, most of them to try again later.`,
    `- ${front}, a third cell gets 6 of 16 parts of the slots: ${third.moved} of ${owners} owners move, and get 404 for their session (${third.lost.moved}); of the others, ${third.lost.stayed} do. Given back, ${third.lostAfter} do. ${endedAtReload} open streams end at the reload.`,
  ];
}

function toFailures(round: CellRound): readonly string[] {
  const { violations, third } = round;
  const broken = violations.map(({ rule, message }) => `${rule} ${message}`);
  const ended = countEnded(round, 'two');
  if (ended > 0) broken.push(`${ended} streams of cell two ended.`);
  if (third.lost.moved !== third.moved) broken.push('An owner whose slot moved found its session.');
  if (third.lost.stayed + third.lostAfter > 0)
    broken.push('An owner whose slot did not move lost its session.');
  return broken;
}
