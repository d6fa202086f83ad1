// `npm run bench:http2 -- [--rounds 5] [--readers 200] [--events 100] [--write]` measures what a stream costs
// over HTTP/1.1, over TLS, and over HTTP/2 with all readers, ten, or one on a connection. Each has a server
// process of its own, in turns. `--write` replaces the table in docs/performance.md.
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTable } from '../scripts/write-table.ts';
import { createCertificate } from '../src/node/certificate.fixture.ts';
import { startBenchChild } from './delivery/child.ts';
import { readCpuTime, readMemoryBytes } from './delivery/process-figures.ts';
import { node } from './delivery/start-script.ts';
import { openAudience } from './http2/audience.ts';
import type { Audience, Carriage } from './http2/audience.ts';
import { median } from './wire/measure.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    readers: { type: 'string', default: '200' },
    events: { type: 'string', default: '100' },
    write: { type: 'boolean', default: false },
  },
});
const [readers, events] = [Number(values.readers), Number(values.events)];
const gapMs = 25;
const warmUp = 20;

const carriages: readonly Carriage[] = [
  { name: 'HTTP/1.1', isSecure: false },
  { name: 'HTTP/1.1 over TLS', isSecure: true },
  { name: 'HTTP/2 over TLS, all on one connection', isSecure: true, perConnection: Infinity },
  { name: 'HTTP/2 over TLS, ten on a connection', isSecure: true, perConnection: 10 },
  { name: 'HTTP/2 over TLS, one on a connection', isSecure: true, perConnection: 1 },
];

interface Figures {
  /** Of an event to a reader, in microseconds. */
  readonly cpu: number;
  /** Resident memory that a reader adds to others, in KiB. */
  readonly memory: number;
}

const certificate = createCertificate();
const script = fileURLToPath(new URL('http2/server.ts', import.meta.url));

async function measure(carriage: Carriage): Promise<Figures> {
  const files = carriage.isSecure ? [certificate.certFile, certificate.keyFile] : [];
  const child = await startBenchChild('server', [...node, script, ...files]);
  const target = new URL(`/stream/${String(child.ready['session'])}`, String(child.ready['url']));
  let open = 0;
  const waitForStreams = async (): Promise<void> => {
    while (Number((await child.ask({ type: 'streams' }))['streams']) !== open) await delay(10);
  };
  const enter = async (): Promise<Audience> => {
    const audience = await openAudience(carriage, target, certificate.cert, readers);
    open += readers;
    await waitForStreams();
    await audience.received(warmUp);
    return audience;
  };
  const say = async (count: number): Promise<void> => void (await child.ask({ type: 'say', count, gapMs }));
  try {
    await say(warmUp);
    // The first readers compile the code, and grow what all share. The memory is that of as many more.
    const first = await enter();
    await say(events);
    await first.received(warmUp + events);
    await child.ask({ type: 'collect' });
    const without = readMemoryBytes([child.pid]);
    const audience = await enter();
    await child.ask({ type: 'collect' });
    const memory = (readMemoryBytes([child.pid]) - without) / readers / 1024;
    first.leave();
    open -= readers;
    await waitForStreams();

    const before = readCpuTime([child.pid]).taken;
    await say(events);
    await audience.received(warmUp + 2 * events);
    const cpu = ((readCpuTime([child.pid]).taken - before) / readers / events) * 1e6;
    audience.leave();
    return { cpu, memory };
  } finally {
    await child.stop();
  }
}

const figures = new Map<Carriage, Figures[]>(carriages.map((carriage) => [carriage, []]));
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const [carriage, found] of figures) found.push(await measure(carriage));
certificate.remove();

const plain = [...figures.values()][0] ?? [];
const rows = [...figures].map(([{ name }, found]) => {
  const ratios = found.map(({ cpu }, round) => cpu / (plain[round]?.cpu ?? NaN));
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  const ratio = found === plain ? '' : `${median(ratios).toFixed(2)} (${range})`;
  const [cpu, memory] = [median(found.map((each) => each.cpu)), median(found.map((each) => each.memory))];
  return `| ${name} | ${cpu.toFixed(1)} µs | ${ratio} | ${memory.toFixed(0)} KiB |`;
});
const [cpu] = cpus();
const text = [
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of ${cpu?.model ?? 'an unknown CPU'}: medians of ${values.rounds} rounds in turns, ${readers} readers of one session, ${events} events, one every ${gapMs} ms. The ratio is of the CPU, in the same round (least–most); below 1 is better.`,
  '',
  '| | CPU of the server for an event to a reader | × HTTP/1.1 | memory of a reader |',
  '|---|---|---|---|',
  ...rows,
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:http2', text);
