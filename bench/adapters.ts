// `npm run bench:adapters -- [--words 20000] [--rounds 7] [--write]` compares what an agent of a library
// costs behind its adapter with the same agent read without Heddle: tokens for a second of CPU. It also
// measures the size of each adapter. `--write` replaces the table in docs/performance.md.
import { parseArgs } from 'node:util';
import type { Agent } from '../src/protocol/index.ts';
import { writeTable } from '../scripts/write-table.ts';
import { aiSdkWords } from './adapters/ai-sdk-words.ts';
import type { Library } from './adapters/library.ts';
import { openaiWords } from './adapters/openai-words.ts';
import { langgraphWords } from './adapters/langgraph-words.ts';
import { strandsWords } from './adapters/strands-words.ts';
import { measureBundle } from './size/measure-bundle.ts';
import { median } from './wire/measure.ts';

const { values } = parseArgs({
  options: {
    words: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '7' },
    write: { type: 'boolean', default: false },
  },
});
const words = Number(values.words);
const libraries: readonly Library[] = [strandsWords, aiSdkWords, openaiWords, langgraphWords];

async function readAdapted(agent: Agent): Promise<number> {
  const events = agent.open({ session: 's', owner: 'ada' })({
    turn: 't',
    attempt: 1,
    input: { type: 'message', content: 'Hi' },
    signal: new AbortController().signal,
    history: () => [],
    save: () => {},
  });
  let count = 0;
  for await (const event of events) if (typeof event === 'string' || event.type === 'content') count += 1;
  return count;
}

/** Returns the tokens for a second of this process's CPU. */
async function measureRate(read: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  const count = await read();
  const { user, system } = process.cpuUsage(before);
  if (count !== words) throw new Error(`${count} of ${words} words came.`);
  return (words / (user + system)) * 1_000_000;
}

const rows: string[] = [];
const rounded = (rate: number): string => Math.round(rate).toLocaleString('en');
for (const { name, adapter, readAlone, adapt } of libraries) {
  const [alone, adapted]: [number[], number[]] = [[], []];
  // The first rounds warm up.
  for (let round = -2; round < Number(values.rounds); round += 1) {
    const pair = [
      await measureRate(() => readAlone(words)),
      await measureRate(() => readAdapted(adapt(words))),
    ];
    if (round < 0) continue;
    alone.push(pair[0] ?? NaN);
    adapted.push(pair[1] ?? NaN);
  }
  const ratio = median(adapted.map((rate, round) => rate / (alone[round] ?? NaN)));
  const { minified, brotli } = await measureBundle(`agents/${name}`, [adapter]);
  const cells = [rounded(median(alone)), rounded(median(adapted)), ratio.toFixed(2)];
  rows.push(
    `| \`heddle/agents/${name}\` | ${[...cells, minified.toLocaleString('en'), brotli.toLocaleString('en')].join(' | ')} |`,
  );
}
const lines = [
  `Medians of ${values.rounds} answers of ${words.toLocaleString('en')} words each, in turns.`,
  '',
  '| adapter | library alone: tokens for a second of CPU | behind the adapter | ratio | minified bytes | with brotli |',
  '|---|---|---|---|---|---|',
  ...rows,
];
process.stdout.write(`${lines.join('\n')}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:adapters', lines.join('\n'));
