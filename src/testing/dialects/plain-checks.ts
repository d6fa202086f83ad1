import { checkedTool, toCounted } from './checked-agent.ts';
import { createDialectCheck, expectSame, expectShown, isRejected, waitUntil } from './dialect-bench.ts';
import type { DialectCheck } from './dialect-bench.ts';
import type { DialectClient } from './dialect-oracle.ts';

const { tool, input, output } = checkedTool;

/** One page and one answer at a time. */
export const plainChecks: readonly DialectCheck[] = [
  createDialectCheck('plain', async ({ open, agent }) => {
    const client = await open();
    await client.send('count 20');
    await client.send('hello');
    const shown = [
      { said: 'count 20', text: toCounted(20) },
      { said: 'hello', text: 'hello.' },
    ];
    expectShown(client, shown);
    expectSame([agent.asked('count 20'), agent.asked('hello')], [1, 1], 'the agent was asked');
  }),

  createDialectCheck('reasoning', async ({ open }) => {
    const client = await open();
    await client.send('think');
    expectShown(client, [{ said: 'think', text: 'Done.', reasoning: 'Let me think.' }]);
  }),

  createDialectCheck('tool', async ({ open }) => {
    const client = await open();
    await client.send('use');
    const tools = [{ tool, input, status: 'ok', output }] as const;
    expectShown(client, [{ said: 'use', text: 'Adding. Added.', tools }]);
  }),

  createDialectCheck('failed tool', async ({ open }) => {
    const client = await open();
    await client.send('misuse');
    expectShown(client, [{ said: 'misuse', text: 'Sorry.', tools: [{ tool, input, status: 'error' }] }]);
  }),

  createDialectCheck('failed', async ({ open }) => {
    const client = await open();
    if (!(await isRejected(client.send('fail')))) throw new Error('The client took a failure for success.');
    await client.send('hello');
    expectSame(client.shown().at(-1)?.text, 'hello.', 'the next answer');
  }),

  createDialectCheck('stopped', async ({ open, agent }) => {
    const client = await open();
    const settled = client.send('hang').catch(() => undefined);
    await waitUntil(() => textOf(client) === 'Waiting', 'the answer begins');
    await client.stop();
    await settled;
    await waitUntil(() => agent.cancelled === 1, 'the agent is cancelled');
    await client.send('hello');
    expectShown(client, [
      { said: 'hang', text: 'Waiting' },
      { said: 'hello', text: 'hello.' },
    ]);
  }),

  createDialectCheck('edit', async ({ open }) => {
    const client = await open();
    await client.send('first');
    await client.send('secnod');
    await client.edit('second');
    const shown = [
      { said: 'first', text: 'first.' },
      { said: 'second', text: 'second.' },
    ];
    expectShown(client, shown);
    const later = await open();
    await later.load();
    expectShown(later, shown);
  }),
];

function textOf(client: DialectClient): string | undefined {
  return client.shown().at(-1)?.text;
}
