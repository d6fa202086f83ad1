// `npm run bench:agents -- [--turns 300] [--words 100000] [--write]` compares an agent in a process of Python, and
// one behind a URL, with the same one in this process: the time from the start of a turn to its first event, and
// events per second. `--write` replaces the table in docs/performance.md.
import { parseArgs } from 'node:util';
import { toAgent, toText } from '../src/protocol/index.ts';
import type { Agent, Turn } from '../src/protocol/index.ts';
import { remote } from '../src/agents/remote/index.ts';
import { subprocess } from '../src/agents/subprocess/index.ts';
import { httpFetch } from '../src/node/index.ts';
import { writeTable } from '../scripts/write-table.ts';
import { start } from '../test/rig/child.ts';
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
const upstream = start(process.execPath, ['bench/agents/words-server.ts']);
const [, port] = await upstream.waitFor(/^(\d+)$/m);
const behindUrl = remote({ url: `http://127.0.0.1:${port}/`, fetch: httpFetch });

/** One way to an agent, and what was measured. */
interface Way {
  readonly name: string;
  readonly agent: Agent;
  /** Milliseconds from the start of a turn to its first event. */
  readonly firsts: number[];
  /** Events a second of one turn. */
  readonly rates: number[];
  /** Microseconds of CPU of this process for an event. */
  readonly cpu: number[];
}

const ways: readonly Way[] = [
  ['in process', inProcess] as const,
  ['in a process of Python', python] as const,
  ['behind a URL', behindUrl] as const,
].map(([name, agent]) => ({ name, agent, firsts: [], rates: [], cpu: [] }));

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
for (let turn = 0; turn < Number(values.turns); turn++)
  for (const { agent, firsts } of ways) firsts.push((await runTurn(agent, 1)).first);
const words = Number(values.words);
for (let round = 0; round < 5; round++)
  for (const { agent, rates, cpu } of ways) {
    const before = process.cpuUsage();
    rates.push((words / (await runTurn(agent, words)).all) * 1_000);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / words);
  }
await python.close?.();
await upstream.stop('SIGTERM');

const lines = [
  `Medians of ${values.turns} turns of one word, and of 5 turns of ${words.toLocaleString('en')} words, in turns.`,
  '',
  '| the agent is | first event of a warm turn | events a second | CPU of the server for an event |',
  '|---|---|---|---|',
  ...ways.map(
    ({ name, firsts, rates, cpu }) =>
      `| ${name} | ${median(firsts).toFixed(2)} ms | ${Math.round(median(rates)).toLocaleString('en')} | ${median(cpu).toFixed(1)} µs |`,
  ),
];
process.stdout.write(`${lines.join('\n')}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:agents', lines.join('\n'));
