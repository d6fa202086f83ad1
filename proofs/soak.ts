// `npm run soak -- --minutes 10 --seed 1 [--write]`
// Clients come and go, slow readers among them. Afterwards the server must hold nothing of them.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord } from '../src/protocol/internal.ts';
import { parseArgs } from 'node:util';
import { createHistory, createRandom } from '../src/testing/index.ts';
import type { Random } from '../src/testing/index.ts';
import { startServerChild } from '../test/rig/server-child.ts';
import { postSession, send } from '../test/rig/http-client.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    clients: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const endsAt = performance.now() + Number(values.minutes) * 60_000;
const child = await startServerChild(
  ['--keepalive', '2000', '--retain', '200', '--padding', '200'],
  ['--expose-gc'],
);

interface Figures {
  readonly streams: number;
  readonly sessions: number;
  readonly timers: number;
  readonly sockets: number;
  readonly heap: number;
}

/** Returns the server's figures when it is at rest: no clients, garbage collected. Waits at most 20 s. */
async function rest(): Promise<Figures> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const figures = toFigures(await child.figures());
    const quiet = figures.streams === 0 && figures.sessions === 0 && figures.sockets <= before.sockets;
    if (quiet || performance.now() > deadline) return figures;
    await delay(200);
  }
}

function toFigures(line: string): Figures {
  const value: unknown = JSON.parse(line);
  const number = (of: unknown, name: string): number => (isRecord(of) ? Number(of[name] ?? 0) : 0);
  const [load, counts] = isRecord(value) ? [value['load'], value['counts']] : [];
  return {
    streams: number(load, 'streams'),
    sessions: number(load, 'sessions'),
    timers: number(counts, 'Timeout'),
    sockets: number(counts, 'TCPSocketWrap'),
    heap: number(value, 'heapUsed'),
  };
}

/**
 * Runs one client. It reads for a while, fast, slowly or not at all, and then closes or resets its
 * connection. Returns the number of bytes.
 */
async function come(session: string, random: Random): Promise<number> {
  const socket = connect(child.port, '127.0.0.1').on('error', () => {});
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
  socket.write(`GET /stream/${session} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  const kind = random.pick(['fast', 'fast', 'slow', 'stopped']);
  if (kind === 'stopped') socket.pause();
  const until = performance.now() + random.integer(50, 3_000);
  while (performance.now() < until && performance.now() < endsAt) {
    await delay(random.integer(20, 200));
    if (kind === 'slow') pulse(socket);
  }
  if (random.chance(0.5)) socket.resetAndDestroy();
  else socket.destroy();
  return bytes;
}

/** Reads for a moment. */
function pulse(socket: Socket): void {
  socket.resume();
  setImmediate(() => socket.pause());
}

/** Runs one client after another until the time is up. */
async function keepComing(random: Random): Promise<void> {
  for (let count = 0; performance.now() < endsAt; count += 1) {
    const got = await come(random.pick(sessions), random.fork(count));
    bytes += got;
    connections += 1;
  }
}

async function keepTalking(session: string, random: Random): Promise<void> {
  for (let count = 0; performance.now() < endsAt; count += 1) {
    const content = JSON.stringify({
      words: random.integer(10, 60),
      tool: false,
      end: random.pick(['well', 'throws', 'repeats']),
      name: 's',
    });
    const options = { history, url: () => child.url, session, key: `k${session}${count}`, content };
    await send(options);
    turns += 1;
    await delay(random.integer(500, 2_500));
  }
}

const random = createRandom(seed);
const history = createHistory();
let connections = 0;
let turns = 0;
let bytes = 0;
const sessions = await Promise.all(Array.from({ length: 20 }, () => postSession(child.url)));
const settled = performance.now() + 3_000;
while (performance.now() < settled) await delay(100);
const before = toFigures(await child.figures());

const clients = Number(values.clients);
const samples: { readonly minute: number; readonly figures: Figures }[] = [];
const started = performance.now();
const sampling = (async () => {
  while (performance.now() < endsAt) {
    await delay(1_000);
    samples.push({
      minute: (performance.now() - started) / 60_000,
      figures: toFigures(await child.figures()),
    });
  }
})();
await Promise.all([
  ...Array.from({ length: clients }, (_, index) => keepComing(random.fork(`client ${index}`))),
  ...sessions.map((session, index) => keepTalking(session, random.fork(`talk ${index}`))),
  sampling,
]);
const after = await rest();
await child.kill();

const peak = Math.max(...samples.map(({ figures }) => figures.streams));
const megabytes = (count: number): number => Math.round(count / 1024 / 102.4) / 10;
// Logs are trimmed. A turn may leave its text in the folded state (about 7 KB) and the record of its key.
// Compiled code and reused buffers take their memory once.
const warmBytes = 8 * 1024 * 1024;
const perTurn = Math.max(0, after.heap - before.heap - warmBytes) / Math.max(turns, 1);
const failures = [
  ...(after.streams > 0 ? [`${after.streams} streams are still open.`] : []),
  ...(after.sessions > 0 ? [`${after.sessions} sessions are still at work.`] : []),
  ...(after.sockets > before.sockets ? [`${after.sockets - before.sockets} sockets are still open.`] : []),
  ...(after.timers > before.timers + 1 ? [`${after.timers - before.timers} timers are left.`] : []),
  ...(perTurn > 16 * 1024 ? [`The heap grew by ${Math.round(perTurn)} bytes a turn.`] : []),
  ...(peak < clients / 4 ? [`Only ${peak} streams were ever open at once.`] : []),
];
report({
  name: 'soak',
  title: `${clients} clients that come and go for ${values.minutes} minutes, slow and stopped readers among them, on one server over memory`,
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    connections,
    turns,
    'MiB received': megabytes(bytes),
    'streams open at once, most': peak,
    'streams / sessions at work afterwards': `${after.streams} / ${after.sessions}`,
    'sockets before / afterwards': `${before.sockets} / ${after.sockets}`,
    'timers before / afterwards': `${before.timers} / ${after.timers}`,
    'heap before / afterwards, in MiB': `${megabytes(before.heap)} / ${megabytes(after.heap)}`,
    'heap kept for each turn beyond 8 MiB, in bytes': Math.round(perTurn),
  },
});
