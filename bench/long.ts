// `npm run bench:long -- [--messages 10000] [--entries 10000000] [--stores memory,sqlite,redis] [--write]`
// measures a long conversation beside a short one, and a full store beside a small one.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from '../test/rig/redis-server.ts';
import { writeTable } from '../scripts/write-table.ts';
import { measureSession } from './long/measure-session.ts';
import type { SessionFigures } from './long/measure-session.ts';
import { measureStoreSize } from './long/measure-store-size.ts';
import type { SizeFigures } from './long/measure-store-size.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    entries: { type: 'string', default: '10000000' },
    stores: { type: 'string', default: 'memory,sqlite,redis' },
    write: { type: 'boolean', default: false },
  },
});
// Ends by `exit`, so that the handler for `exit` also ends the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const messages = Number(values.messages);
const entries = Number(values.entries);
/** The numbers that the rows compare with. */
const [few, small] = [10, 10_000];

const sessionRows: string[] = [];
const sizeRows: string[] = [];
for (const kind of values.stores.split(',')) {
  const short = await inFreshStore(kind, (place) => measureSession(kind, place, few));
  const long = await inFreshStore(kind, (place) => measureSession(kind, place, messages));
  sessionRows.push(...toSessionRows(kind, short, long));
  process.stderr.write(`${sessionRows.join('\n')}\n`);
  if (kind === 'memory' || entries === 0) continue;
  const before = await inFreshStore(kind, (place) => measureStoreSize(kind, place, small));
  const after = await inFreshStore(kind, (place) => measureStoreSize(kind, place, entries));
  sizeRows.push(...toSizeRows(kind, before, after));
  process.stderr.write(`${sizeRows.join('\n')}\n`);
}

const text = [
  `**Measured** ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} shared cores of ${cpus()[0]?.model ?? 'an unknown CPU'}. ` +
    'Milliseconds as a client sees them, medians. *Cold*: right after the node started, the first request for this session.',
  '',
  `| store | work | ${few} messages | ${messages.toLocaleString('en')} messages | × | target |`,
  '|---|---|---|---|---|---|',
  ...sessionRows,
  ...(sizeRows.length === 0
    ? []
    : [
        '',
        'Microseconds of one operation, called in the process of the store, in sessions spread over the whole store.',
        '',
        `| store | work | ${small.toLocaleString('en')} entries | ${entries.toLocaleString('en')} entries | × | target |`,
        '|---|---|---|---|---|---|',
        ...sizeRows,
      ]),
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:long', text);
process.exit();

async function inFreshStore<Result>(kind: string, work: (place: string) => Promise<Result>): Promise<Result> {
  const redis =
    kind === 'redis' ? await startRedis({ appendonly: 'yes', appendfsync: 'everysec' }) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-'));
  try {
    return await work(redis?.url ?? join(folder, 'heddle.db'));
  } finally {
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function toSessionRows(kind: string, short: SessionFigures, long: SessionFigures): readonly string[] {
  const rows: readonly (readonly [name: string, key: keyof SessionFigures])[] = [
    ['first word of an answer', 'firstWord'],
    ['`GET /session?messages=50`', 'window'],
    ['stream from state', 'fromState'],
    ['first word, cold', 'coldFirstWord'],
    ['`GET /session?messages=50`, cold', 'coldWindow'],
    ['stream from state, cold', 'coldFromState'],
  ];
  const show = (value: number): string => value.toFixed(1);
  return [
    ...rows
      .filter(([, key]) => Number.isFinite(short[key]))
      .map(
        ([name, key]) =>
          `| ${kind} | ${name} | ${show(short[key])} | ${show(long[key])} | ${(long[key] / short[key]).toFixed(2)} | ≤ 1.5 |`,
      ),
    `| ${kind} | event loop blocked, at most, in all of these | ${show(short.held)} | ${show(long.held)} | | ≤ 20 ms |`,
    `| ${kind} | whole \`GET /session\` (${long.wholeMegabytes.toFixed(1)} MB) | ${show(short.whole)} | ${show(long.whole)} | | ≤ 500 ms |`,
    `| ${kind} | another request meanwhile, at most | ${show(short.othersWaited)} | ${show(long.othersWaited)} | | |`,
  ];
}

function toSizeRows(kind: string, before: SizeFigures, after: SizeFigures): readonly string[] {
  return (['append', 'resume', 'takeover'] as const).map(
    (key) =>
      `| ${kind} | ${key} | ${before[key].toFixed(0)} | ${after[key].toFixed(0)} | ${(after[key] / before[key]).toFixed(2)} | ≤ 1.2 |`,
  );
}
