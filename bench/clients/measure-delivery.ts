import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { deliveries } from './deliveries.ts';

/** The CPU time for each event in nanoseconds, one for each round. */
export type Costs = readonly number[];

const child = fileURLToPath(new URL('deliver-child.ts', import.meta.url));
const warmUps = 2;
// Its cost grows with the square of the size of a chunk, and not with the number of events. A round over all
// events takes half a minute.
const slow = { name: 'launchdarkly', share: 1 / 20 };

/**
 * Measures what it costs each client to deliver an event. Each client has a process of its own, so that none
 * runs code that was compiled for another. The clients work in turns, one at a time.
 */
export async function measureDelivery(events: number, rounds: number): Promise<ReadonlyMap<string, Costs>> {
  const workers = Object.keys(deliveries).map((name) => ({
    name,
    costs: new Array<number>(),
    ...start(name, name.startsWith(slow.name) ? events * slow.share : events),
  }));
  try {
    for (let round = -warmUps; round < rounds; round++) {
      for (const { name, costs, run } of workers) {
        const cost = await run();
        if (Number.isNaN(cost)) throw new Error(`${name} did not hand over all events.`);
        if (round >= 0) costs.push(cost);
      }
    }
  } finally {
    await Promise.all(workers.map(({ stop }) => stop()));
  }
  return new Map(workers.map(({ name, costs }) => [name, costs]));
}

function start(name: string, events: number): { run(): Promise<number>; stop(): Promise<void> } {
  const running = spawn(process.execPath, ['--conditions=@heddle/source', child, name, String(events)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(running.stdout)[Symbol.asyncIterator]();
  const closed = once(running, 'close');
  return {
    async run() {
      running.stdin.write('\n');
      const { value } = await lines.next();
      return Number(value);
    },
    async stop() {
      running.kill();
      await closed;
    },
  };
}
