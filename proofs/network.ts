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
import { startNetworkWorld, wordCount } from '../test/rig/network/network-world.ts';

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

/** Lets one client read through a network of its own. Returns the cell of the table. */
async function toCell(
  row: NetworkRow,
  name: string,
  read: (url: string, prompt: string, signal: AbortSignal) => Promise<NetworkReading>,
): Promise<string> {
  const { url } = await world.putBefore(row);
  const prompt = `${row.name}, ${name}, pause=${row.pauseMs ?? 0}`;
  const signal = AbortSignal.timeout(patienceMs + (row.pauseMs ?? 0));
  const beganAt = performance.now();
  const reading = await read(url, prompt, signal);
  const { words, vias, firstAt, overAt, sentMs = 0, error } = reading;
  const endedAt = world.endedAt.get(prompt);
  const seen = new Set(words).size;
  const turns = world.turns.get(prompt) ?? 0;
  return [
    `${seen}/${wordCount}`,
    ...(words.length > seen ? [`${words.length - seen} twice`] : []),
    ...(turns > 1 ? [`**${turns} turns**`] : []),
    ...(sentMs > 1_000 ? [`sent after ${toSeconds(sentMs)}`] : []),
    ...(firstAt !== undefined && firstAt - beganAt - sentMs - (row.idleMs ?? 0) > 1_000
      ? [`first word after ${toSeconds(firstAt - beganAt - sentMs - (row.idleMs ?? 0))}`]
      : []),
    overAt === undefined || endedAt === undefined
      ? error === 'gives up'
        ? '**gives up**'
        : '**never**'
      : `end +${toSeconds(overAt - endedAt)}`,
    ...(vias.includes('long-poll') ? ['by long poll'] : []),
  ].join(', ');
}

function toSeconds(ms: number): string {
  return `${(Math.max(ms, 0) / 1_000).toFixed(1)} s`;
}

const rows = toNetworkRows().filter(({ name }) => name.includes(values.only));
const reads = (create: typeof createClient, { idleMs }: NetworkRow) =>
  ((url, prompt, signal) => readWithClient(create({ url }), prompt, { idleMs, signal })) satisfies Parameters<
    typeof toCell
  >[2];
const lines = await Promise.all(
  rows.map(async (row, index) => {
    // Forty networks that begin at the same moment would measure this process.
    await delay(index * 100);
    const cells = await Promise.all([
      ...(earlier ? [toCell(row, 'before', reads(earlier.createClient, row))] : []),
      toCell(row, 'client', reads(createClient, row)),
      toCell(row, 'event source', readWithEventSource),
    ]);
    return `| ${[row.name, ...cells].join(' | ')} |`;
  }),
);
await world.close();

const names = ['the network', ...(earlier ? ['client before'] : []), '`heddle/client`', 'plain EventSource'];
const text = [
  `${wordCount} words over 6 s, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}.`,
  '',
  `| ${names.join(' | ')} |`,
  `|${'---|'.repeat(names.length)}`,
  ...lines,
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/reliability.md', 'proof:network', text);
process.exit();
