// `npm run bench:agents -- [--turns 300] [--words 100000] [--write]` compares an agent in a process of Python with
// the same one in this process: the time from the start of a turn to its first event, and events per second.
// `--write` replaces the lines in docs/performance.md.
import { parseArgs } from 'node:util';
import { toAgent, toText } from '../src/protocol/index.ts';
import type { Agent, Turn } from '../src/protocol/index.ts';
import { subprocess } from '../src/agents/subprocess/index.ts';
import { writeTable } from '../scripts/write-table.ts';
import { median } from './wire/measure.ts';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '300' },
    words: { type: 'string', default: '100000' },
    write: { type: 'boolean', default: false },
  },
});

const inProcess = toAgent(async function* ({ input }: Turn) {
  const words = Number(toText(input.content));
  for (let word = 0; word < words; word++) yield `word ${word} `;
});
const python = subprocess({ command: '/usr/bin/python3', args: ['-B', 'bench/agents/words_agent.py'] });

/** Runs a turn. Returns the milliseconds to its first event, and to its end. */
async function runTurn(
  agent: Agent,
  words: number,
): Promise<{ readonly first: number; readonly all: number }> {
  const from = performance.now();
  let first: number | undefined;
  let count = 0;
  const events = agent.open({ session: 's', owner: 'ada' })({
    turn: 't',
    attempt: 1,
    input: { type: 'message', content: String(words) },
    signal: new AbortController().signal,
    history: () => [],
    save: () => {},
  });
  for await (const _ of events) {
    first ??= performance.now() - from;
    count += 1;
  }
  if (count !== words) throw new Error(`${count} of ${words} words came.`);
  return { first: first ?? NaN, all: performance.now() - from };
}

await python.start?.();
const firsts: { readonly own: number[]; readonly other: number[] } = { own: [], other: [] };
for (let turn = 0; turn < Number(values.turns); turn++) {
  firsts.own.push((await runTurn(inProcess, 1)).first);
  firsts.other.push((await runTurn(python, 1)).first);
}
const words = Number(values.words);
const rates: { readonly own: number[]; readonly other: number[]; readonly cpu: number[] } = {
  own: [],
  other: [],
  cpu: [],
};
for (let round = 0; round < 5; round++) {
  rates.own.push((words / (await runTurn(inProcess, words)).all) * 1_000);
  const before = process.cpuUsage();
  rates.other.push((words / (await runTurn(python, words)).all) * 1_000);
  const { user, system } = process.cpuUsage(before);
  rates.cpu.push((user + system) / words);
}
await python.close?.();

const toRate = (all: readonly number[]): string => Math.round(median(all)).toLocaleString('en-US');
const lines = [
  `- From the start of a warm turn to its first event, median of ${values.turns}: ${median(firsts.own).toFixed(2)} ms in process, ${median(firsts.other).toFixed(2)} ms in a process of Python.`,
  `- Events a second of one turn, median of 5: ${toRate(rates.own)} in process, ${toRate(rates.other)} from a process of Python, which costs the server ${median(rates.cpu).toFixed(1)} µs of CPU an event.`,
];
process.stdout.write(`${lines.join('\n')}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:agents', lines.join('\n'));
