// `npm run bench:start -- [--starts 10] [--beside <folder>] [--write]` measures from the start of the process
// of `heddle serve`, from the build, until `GET /ready` has status 200. `--beside` starts the build of
// another checkout as well, in turns. `--write` replaces the line in docs/performance.md, without the other
// checkout.
import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, start } from '../test/rig/child.ts';
import { temporaryFolder } from '../test/rig/heddle-serve.ts';
import { readCpuTime } from './delivery/process-figures.ts';
import { median } from './wire/measure.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '10' },
    beside: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

/** One start. Times are milliseconds. */
interface Start {
  readonly ms: number;
  /** The CPU time of all threads until then. */
  readonly cpuMs?: number;
}

/** Measures Node without a program: no command starts sooner. */
async function measureNode(): Promise<Start> {
  const from = performance.now();
  await once(start(process.execPath, ['-e', '0']).process, 'exit');
  return { ms: performance.now() - from };
}

/** Measures from the start of `heddle serve` to its first 200. */
async function measureServe(folder: string): Promise<Start> {
  const data = temporaryFolder();
  const from = performance.now();
  const command = [join(folder, 'dist/cli/heddle.js'), 'serve', '--port', '0', '--data', data.path];
  const child = start(process.execPath, command);
  const [, url] = await child.waitFor(/on (http:\S+)/);
  while ((await readStatus(`${url}/ready`)) !== 200);
  const ms = performance.now() - from;
  const { taken } = readCpuTime([child.process.pid ?? 0]);
  await child.stop('SIGTERM');
  data.remove();
  return { ms, cpuMs: taken * 1_000 };
}

async function readStatus(url: string): Promise<number | undefined> {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(url, { agent: false }, resolve).on('error', reject),
  );
  response.resume();
  return response.statusCode;
}

const { beside } = values;
const contestants = {
  node: measureNode,
  own: () => measureServe(root),
  ...(beside !== undefined && { other: () => measureServe(beside) }),
};
const starts = Number(values.starts);
const times = new Map(Object.keys(contestants).map((name) => [name, new Array<Start>()]));
// The first round is not counted: it fills the caches of the file system.
for (let round = -1; round < starts; round++)
  for (const [name, measure] of Object.entries(contestants)) {
    const measured = await measure();
    if (round >= 0) times.get(name)?.push(measured);
  }

function toFigure(name: keyof typeof contestants): string {
  const measured = times.get(name) ?? [];
  const ms = measured.map((each) => each.ms);
  const cpu = measured.flatMap(({ cpuMs }) => cpuMs ?? []);
  const [least, middle, most] = [Math.min(...ms), median(ms), Math.max(...ms)].map(Math.round);
  const ofCpu = cpu.length === 0 ? '' : ` with ${Math.round(median(cpu))} ms of CPU`;
  return `${middle} ms (${least}–${most})${ofCpu}`;
}

const [cpu] = cpus();
const text = [
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of ${cpu?.model ?? 'an unknown CPU'}:`,
  `medians of ${starts} starts in turns (least–most).`,
  `\`heddle serve\` ${toFigure('own')}, \`node -e 0\` ${toFigure('node')}.`,
].join(' ');
process.stdout.write(`${text}\n`);
if (beside !== undefined) process.stdout.write(`${beside}: ${toFigure('other')}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:start', text);
