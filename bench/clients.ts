/**
 * Measures what clients of event streams do when something goes wrong, and what an event costs them, in one
 * run: `npm run compare:clients [-- --write]`. `--write` replaces the tables in docs/clients.md.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../test/rig/browser.ts';
import { createClients } from './clients/clients.ts';
import { faults } from './clients/faults.ts';
import { measureDelivery } from './clients/measure-delivery.ts';
import { toTable } from './clients/table.ts';
import { median, medianRatio } from './wire/measure.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    events: { type: 'string', default: '300000' },
  },
});
const rounds = Number(values.rounds);
const events = Number(values.events);
const date = new Date().toISOString().slice(0, 10);
const packages = ['eventsource', '@microsoft/fetch-event-source', 'launchdarkly-eventsource', 'ai'];

const browser = await launchBrowser('chromium');
const chromium = (await browser.version()).replace(/^\D+/, '');
const table = await toTable(
  createClients(browser),
  faults.filter(({ name }) => name.includes(values.only)),
  {
    atOnce: 6,
    onCell: (client, fault, cell) => process.stdout.write(`${client.name} | ${fault.name} | ${cell}\n`),
  },
);
await browser.close();
print('compare:clients', [
  `Measured ${date} with Node ${process.versions.node}, Chromium ${chromium} and ${packages.map(toVersion).join(', ')}.`,
  '',
  ...table,
]);

if (rounds > 0) {
  const costs = await measureDelivery(events, rounds);
  const [[, own] = []] = costs;
  const rows = [...costs].map(([name, times]) => {
    const spread = `${toNs(Math.min(...times))}–${toNs(Math.max(...times))}`;
    return `| ${name} | ${toNs(median(times))} | ${spread} | ${medianRatio(times, own)?.toFixed(2)} |`;
  });
  print('compare:delivery', [
    `Measured ${date} with Node ${process.versions.node} on ${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown CPU'}: ` +
      `${rounds} rounds in turns, each of ${events.toLocaleString('en')} events of about 100 bytes in chunks of 16 KiB.`,
    '',
    '| | ns of CPU an event, median | lowest–highest | × the first |',
    '|---|---|---|---|',
    ...rows,
  ]);
}

function print(name: string, lines: readonly string[]): void {
  const text = lines.join('\n');
  process.stdout.write(`\n${text}\n\n`);
  if (values.write) writeTable('docs/clients.md', name, text);
}

function toVersion(name: string): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const version = new RegExp(`"${name}": "([^"]+)"`).exec(text)?.[1];
  return `${name} ${version ?? 'of an unknown version'}`;
}

function toNs(ns: number): string {
  return Math.round(ns).toLocaleString('en');
}
