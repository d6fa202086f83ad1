// `npm run proof:network -- [--before DIST] [--only TEXT] [--write]`: 60 words over 6 s through networks that
// hurt, with `heddle/client` and a plain EventSource. All networks run at the same time. `--before` names the
// build of an earlier commit, whose client goes first. `--write` replaces the table in docs/reliability.md.
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createClient } from '../src/client/index.ts';
import { writeTable } from '../scripts/write-table.ts';
import { readWithClient, readWithEventSource } from '../test/rig/network/network-readers.ts';
import type { NetworkReading } from '../test/rig/network/network-readers.ts';
import { toNetworkRows } from '../test/rig/network/network-rows.ts';
import type { NetworkRow } from '../test/rig/network/network-rows.ts';
import { startNetworkWorld, saidWords } from '../test/rig/network/network-world.ts';

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
/** Longer than any client of the table takes that comes through at all, in milliseconds. */
const patienceMs = 90_000;

const earlier: { readonly createClient: typeof createClient } | undefined =
  values.before && (await import(pathToFileURL(resolve(values.before, 'client/index.js')).href));
const world = await startNetworkWorld();

type Read = (url: string, prompt: string, signal: AbortSignal) => Promise<NetworkReading>;

/** Lets one client read through a network of its own. Returns the cell of the table. */
async function toCell(row: NetworkRow, name: string, read: Read): Promise<string> {
  const { idleMs = 0, pauseMs = 0 } = row;
  const { url } = await world.putBefore(row);
  const prompt = `${row.name}, ${name}, pause=${pauseMs}`;
  const beganAt = performance.now();
  const reading = await read(url, prompt, AbortSignal.timeout(patienceMs + pauseMs));
  const { words, vias, firstAt = beganAt, overAt, sentMs = 0, error } = reading;
  const firstMs = firstAt - beganAt - sentMs - idleMs;
  const seen = new Set(words).size;
  const turns = world.turns.get(prompt) ?? 0;
  const endedAt = world.endedAt.get(prompt);
  const end = overAt !== undefined && endedAt !== undefined && `end +${toSeconds(overAt - endedAt)}`;
  return [
    `${seen}/${saidWords}`,
    words.length > seen && `${words.length - seen} twice`,
    turns > 1 && `**${turns} turns**`,
    sentMs > 1_000 && `sent after ${toSeconds(sentMs)}`,
    firstMs > 1_000 && `first word after ${toSeconds(firstMs)}`,
    end || (error === 'gives up' ? '**gives up**' : never),
    vias.includes('long-poll') && 'by long poll',
  ]
    .filter(Boolean)
    .join(', ');
}

function toSeconds(ms: number): string {
  return `${(Math.max(ms, 0) / 1_000).toFixed(1)} s`;
}

const never = '**never**';
const rows = toNetworkRows().filter(({ name }) => name.includes(values.only));
const lines = await Promise.all(
  rows.map(async (row, index) => {
    // Networks that all begin at the same moment would measure this process.
    await delay(index * 100);
    const readWith =
      (create: typeof createClient): Read =>
      (url, prompt, signal) =>
        readWithClient(create({ url }), prompt, { idleMs: row.idleMs, signal });
    const [before, now, plain] = await Promise.all([
      earlier && toCell(row, 'before', readWith(earlier.createClient)),
      toCell(row, 'client', readWith(createClient)),
      // It sends no POST.
      row.idleMs === undefined ? toCell(row, 'event source', readWithEventSource) : '–',
    ]);
    if (now.includes(never)) process.exitCode = 1;
    return `| ${[row.name, before, now, plain].filter((cell) => cell !== undefined).join(' | ')} |`;
  }),
);
await world.close();

const names = ['the network', ...(earlier ? ['client before'] : []), '`heddle/client`', 'plain EventSource'];
const text = [
  `${saidWords} words over 6 s, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}.`,
  '',
  `| ${names.join(' | ')} |`,
  `|${'---|'.repeat(names.length)}`,
  ...lines,
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write && process.exitCode === undefined) writeTable('docs/reliability.md', 'proof:network', text);
process.exit();
