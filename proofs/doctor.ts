import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { createFaultProxy } from 'heddle/testing';
import { writeTable } from '../scripts/write-table.ts';
import { examine } from '../src/cli/doctor/examine.ts';
import type { DoctorReport, ExamineOptions } from '../src/cli/doctor/examine.ts';
import { frontNames } from '../src/cli/doctor/front/find-front.ts';
import { toCheckLines, toSummary } from '../src/cli/doctor/print-report.ts';
import { forwardedAddress } from '../src/cli/serve/forwarded-address.ts';
import { createCertificate } from '../src/node/certificate.fixture.ts';
import { namedFaults } from '../test/rig/network/named-faults.ts';
import { startNetworkProxy } from '../test/rig/network-proxy.ts';
import { findPort } from '../test/rig/redis-server.ts';
import { shippedProxies } from '../test/rig/shipped-proxies.ts';
import { wrongProxies } from './doctor/wrong-proxies.ts';

// Runs `heddle doctor` through real proxies, each as it comes, with single faults and with the configuration
// of deploy/, and through every fault of the rig. With `--write`, it writes docs/doctor.md and README.md.

const certificate = createCertificate();
const failures: string[] = [];

function serve(proxies: number): Promise<Listening> {
  const server = createServer({
    agent: async function* () {},
    store: memoryStore(),
    probe: true,
    hosts: ['chat.example.com'],
    quotas: forwardedAddress(proxies),
    onWarning: () => {},
  });
  return listen(server, { port: 0 });
}

/** Returns what was found, as a cell of a table. */
function toCell({ checks, front }: DoctorReport): string {
  const found = checks.filter(
    ({ state, name }) => (state === 'bad' || state === 'warn') && name !== 'version',
  );
  // The certificate of the proof lives for two days.
  const told = found.filter(({ fault }) => fault !== 'certificate');
  const named = front === undefined ? '' : `(${frontNames[front]}) `;
  if (told.length === 0) return `${named}nothing`;
  return (
    named +
    told
      .map(({ name, says }) => `**${name}** ${says}`)
      .join('; ')
      .replaceAll('|', '\\|')
  );
}

/** Examines again while the machine is too busy to tell. */
async function examineCalmly(url: string, options: ExamineOptions = {}): Promise<DoctorReport> {
  const report = await examine(url, options);
  return report.checks.some(({ says }) => says.includes('too busy')) ? examineCalmly(url, options) : report;
}

const trusting = await serve(1);
const upstream = new URL(trusting.url).host;
const real: string[] = [];
let sample = '';
const proxies = [
  ...wrongProxies.map((proxy) => ({ ...proxy, isShipped: false })),
  ...shippedProxies.map(({ name, start }) => ({
    name,
    what: name === 'Apache' ? 'as `deploy/` has it, and HTTP/2' : 'as `deploy/` has it',
    start,
    isShipped: true,
  })),
];
for (const { name, what, start, isShipped } of proxies) {
  const port = await findPort();
  const stop = await start({ port, upstream, certificate });
  const report = await examineCalmly(`https://localhost:${port}`, { insecureTls: true, token: 'any' });
  await stop();
  real.push(`| ${name} | ${what} | ${toCell(report)} | ${report.seconds.toFixed(1)} s |`);
  process.stdout.write(`${real.at(-1)}\n`);
  // Apache over HTTP/2 has a fault of its own, which is why deploy/ leaves it off (docs/proxies.md).
  if (isShipped && name !== 'Apache' && report.checks.some(({ state }) => state === 'bad'))
    failures.push(`${name}, as deploy/ has it, has a fault.`);
  if (sample === '')
    sample = [
      `$ heddle doctor ${report.url}`,
      ...report.checks.map((check) => toCheckLines(check, false).trimEnd()),
      toSummary(report).trimEnd(),
    ].join('\n');
}

// These checks judge with each other.
const ofStreams = ['stream', 'blocks', 'compression'];
const plain = await serve(0);
const rig: string[] = [];
for (const { what, faults, check, fault } of namedFaults) {
  const proxy = await startNetworkProxy(plain.url, faults);
  const only = [check, ...(ofStreams.includes(check) ? ofStreams : [])];
  const report = await examineCalmly(proxy.url, { only });
  proxy.close();
  if (!report.checks.some((each) => each.name === check && each.fault === fault))
    failures.push(`A network that ${what} is not named ${fault} by ${check}.`);
  rig.push(`| ${what} | ${toCell(report)} |`);
  process.stdout.write(`${rig.at(-1)}\n`);
}
for (const [what, down] of [
  ['passes nothing before 100 KB (TCP)', { holdBytes: 100_000 }],
  ['passes pieces of 1 to 3 bytes (TCP)', { slice: { min: 1, max: 3 } }],
  ['has no fault', {}],
] as const) {
  const proxy = await createFaultProxy({ port: Number(new URL(plain.url).port), plan: () => ({ down }) });
  rig.push(`| ${what} | ${toCell(await examineCalmly(proxy.url))} |`);
  process.stdout.write(`${rig.at(-1)}\n`);
  await proxy.close();
}
await Promise.all([trusting.close(0), plain.close(0)]);
certificate.remove();

const date = new Date().toISOString().slice(0, 10);
const head = `Run on ${date} with Node ${process.version}, on one machine.`;
const text = [
  `${head} Real proxies, over TLS:`,
  '',
  '| proxy | configuration | named | took |',
  '|---|---|---|---|',
  ...real,
  '',
  'The proxy of the tests, one fault at a time:',
  '',
  '| a network that … | named |',
  '|---|---|',
  ...rig,
].join('\n');
for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
if (failures.length > 0) process.exitCode = 1;
else if (process.argv.includes('--write')) {
  writeTable('docs/doctor.md', 'proof:doctor', text);
  writeTable(
    'README.md',
    'proof:doctor',
    `\`\`\`\n${sample.replaceAll(/localhost:\d+/g, 'chat.example.com')}\n\`\`\``,
  );
}
