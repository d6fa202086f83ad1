import { createFaultProxy } from '../fault-proxy.ts';
import type { Plan } from '../faults.ts';
import { toCounted } from './checked-agent.ts';
import { createDialectCheck, expectSame, expectShown, isRejected, waitUntil } from './dialect-bench.ts';
import type { DialectBench, DialectCheck } from './dialect-bench.ts';
import type { DialectCheckName, DialectClient } from './dialect-oracle.ts';

const said = 'count 60';
/** Connections that are cut before one lives. */
const cuts = 6;
const maxLoads = 20;

/** Connections and nodes that break in the middle of an answer. */
export const cutChecks: readonly DialectCheck[] = [
  createCutCheck('cut by resets', 'rst'),
  createCutCheck('cut by clean ends', 'fin'),

  createDialectCheck('taken over', async (bench) => {
    const { open, agent, server } = bench;
    const client = await open();
    const said = 'hold 60';
    const sent = isRejected(client.send(said));
    await waitUntil(() => client.shown().at(-1)?.text.includes('word-30 ') === true, '30 words are shown');
    if (server.takeOver === undefined) throw new Error('The server of this test cannot be taken over.');
    await server.takeOver();
    if (await sent) await loadUntilWhole(client, () => agent.asked(said));
    expectShown(client, [{ said, text: toCounted(60) }]);
    expectSame(agent.asked(said), 2, 'attempts');
  }),
];

function createCutCheck(name: DialectCheckName, how: 'rst' | 'fin'): DialectCheck {
  return createDialectCheck(name, async ({ open, agent, server, seed }: DialectBench) => {
    // The request always arrives. What comes back ends at any byte, from the first one on.
    const plan: Plan = (count, random) =>
      count < cuts ? { down: { cut: { atByte: random.integer(1, 6_000), how } } } : {};
    const proxy = await createFaultProxy({ port: Number(new URL(server.url).port), plan, seed });
    try {
      const client = await open({ url: proxy.url });
      // A page takes some cuts for errors, and its user reloads.
      if (await isRejected(client.send(said))) await loadUntilWhole(client, () => agent.asked(said));
      expectShown(client, [{ said, text: toCounted(60) }]);
      expectSame(agent.asked(said), 1, 'how often the agent was asked');
    } finally {
      await proxy.close();
    }
  });
}

async function loadUntilWhole(client: DialectClient, asked: () => number): Promise<void> {
  await waitUntil(() => asked() > 0, 'the message has arrived');
  for (let load = 1; await isRejected(client.load()); load += 1)
    if (load === maxLoads) throw new Error(`The conversation was loaded ${maxLoads} times and not in full.`);
}
