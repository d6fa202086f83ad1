// Reads a stream through one client for each line on stdin, and prints the CPU time for each event in
// nanoseconds.
import { createInterface } from 'node:readline';
import { cut } from '../wire/fixtures.ts';
import { deliveries } from './deliveries.ts';

const [name = '', count = ''] = process.argv.slice(2);
const deliver = deliveries[name];
if (deliver === undefined) throw new Error(`There is no client '${name}'.`);

const { chunks, events } = cut(
  'typed deltas with ids',
  Array.from({ length: Number(count) }, (_, index) => ({
    id: `${index + 1}-k3x9qz`,
    data: JSON.stringify({ type: 'content', turn: 't1', message: 'm1', part: 'c1', data: `word ${index} ` }),
  })),
  16_384,
);

for await (const _ of createInterface(process.stdin)) {
  let received = 0;
  const before = process.cpuUsage();
  await deliver(chunks, () => ++received === events);
  const { user, system } = process.cpuUsage(before);
  if (received !== events) throw new Error(`${name} handed over ${received} of ${events} events.`);
  process.stdout.write(`${((user + system) * 1000) / events}\n`);
}
