// `npm run proof:proxies -- [--write]`: what nginx, HAProxy, Caddy and Apache do to a stream, as they come
// and with the files of deploy/. Takes about five minutes.
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { writeTable } from '../scripts/write-table.ts';
import { createCertificate } from '../src/node/certificate.fixture.ts';
import type { ReverseProxy } from '../test/rig/proxy-process.ts';
import { findPort } from '../test/rig/redis-server.ts';
import { shippedProxies } from '../test/rig/shipped-proxies.ts';
import { startBackend } from './proxies/backend.ts';
import type { Backend } from './proxies/backend.ts';
import { alone, atLast, together } from './proxies/checks.ts';
import type { ProxyCheck } from './proxies/checks.ts';
import { minimalProxies } from './proxies/minimal.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

interface Row {
  readonly title: string;
  readonly url: string;
  readonly backend: Backend;
  readonly cells: Map<string, string>;
}

const certificate = createCertificate();
const stops: (() => unknown)[] = [certificate.remove];
const rows: Row[] = [];

async function addRow(title: string, proxy?: ReverseProxy): Promise<void> {
  const backend = await startBackend();
  const port = await findPort();
  const { upstream } = backend;
  if (proxy) stops.push(await proxy.start({ port, upstream, certificate }));
  stops.push(backend.close);
  const scheme = title.includes('without TLS') ? 'http' : 'https';
  const url = proxy ? `${scheme}://chat.example.com:${port}` : `http://${upstream}`;
  rows.push({ title, url, backend, cells: new Map() });
}

async function fill({ url, backend, cells, title }: Row, check: ProxyCheck): Promise<void> {
  const cell = await check.run({ ...backend, url }).catch((error: unknown) => `**${String(error)}**`);
  cells.set(check.title, cell);
  process.stdout.write(`${title}: ${check.title}: ${cell}\n`);
}

try {
  await addRow('no proxy');
  for (const proxy of minimalProxies) await addRow(`${proxy.name}, as it comes`, proxy);
  for (const proxy of shippedProxies) await addRow(`**${proxy.name}, \`deploy/\`**`, proxy);
  for (const row of rows) for (const check of alone) await fill(row, check);
  for (const checks of [together, atLast])
    await Promise.all(rows.flatMap((row) => checks.map((check) => fill(row, check))));
} finally {
  for (const stop of stops.toReversed()) await stop();
}

const columns = [...alone, ...together, ...atLast];
const run = (command: string, ...args: readonly string[]): string =>
  execFileSync('sh', ['-c', `${[command, ...args].join(' ')} 2>&1`], { encoding: 'utf8' });
const version = (text: string): string => /\d+\.\d+\.\d+/.exec(text)?.[0] ?? '?';
const versions = [
  `nginx ${version(run('nginx', '-v'))}`,
  `HAProxy ${version(run('/usr/sbin/haproxy', '-v'))}`,
  `Caddy ${version(run('/usr/bin/caddy', 'version'))}`,
  `Apache ${version(run('/usr/sbin/apache2', '-v'))}`,
].join(', ');
const lines = [
  `Measured on ${new Date().toISOString().slice(0, 10)} with ${versions} and Node ${process.version}, over TLS.`,
  '',
  `| | ${columns.map(({ title }) => title).join(' | ')} |`,
  `|---|${columns.map(() => '---|').join('')}`,
  ...rows.map(
    ({ title, cells }) => `| ${title} | ${columns.map((each) => cells.get(each.title)).join(' | ')} |`,
  ),
];
const text = lines.join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/proxies.md', 'proof:proxies', text);
