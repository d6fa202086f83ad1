// `npm run bench:redis -- [--sizes 100,1000] [--nodes 1,2] [--quick] [--write]` measures what tokens, wakes
// and silence cost Redis and the nodes, and how much one, two and three nodes can carry.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureNodes } from './redis/measure-nodes.ts';
import { measureSize } from './redis/measure-sizes.ts';
import { toNodesTable, toSizesTable } from './redis/tables.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,5000' },
    nodes: { type: 'string', default: '1,2,3' },
    /** How long each size is measured. */
    seconds: { type: 'string', default: '10' },
    /** Runs for half a minute, to see whether it works. */
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
// Ends by `exit`, so that the handler for `exit` also ends the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const toNumbers = (text: string): readonly number[] => text.split(',').filter(Boolean).map(Number);
const sizes = values.quick ? [100, 500] : toNumbers(values.sizes);
const seconds = values.quick ? 2 : Number(values.seconds);
const costs = [];
for (const sessions of sizes) {
  costs.push(await measureSize(sessions, values.quick ? 500 : 1_000, seconds));
  process.stderr.write(`${JSON.stringify(costs.at(-1))}\n`);
}
const carried = [];
for (const nodes of values.quick ? [2] : toNumbers(values.nodes)) {
  carried.push(await measureNodes(nodes, seconds / 2));
  process.stderr.write(`${JSON.stringify(carried.at(-1))}\n`);
}
const [machine] = cpus();
const text = [
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of ${machine?.model ?? 'an unknown CPU'}, which nodes, readers and Redis (append-only file, \`everysec\`) share. CPU is what the operating system counted for whole processes.`,
  ...(costs.length > 0 ? ['', toSizesTable(costs)] : []),
  ...(carried.length > 0 ? ['', toNodesTable(carried)] : []),
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/redis.md', 'bench:redis', text);
