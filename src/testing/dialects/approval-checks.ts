import { checkedTool } from './checked-agent.ts';
import { createDialectCheck, expectSame, expectShown } from './dialect-bench.ts';
import type { DialectCheck } from './dialect-bench.ts';

const { tool, input, output } = checkedTool;
const waiting = { said: 'ask', text: 'May I? ', tools: [{ tool, input, status: 'waiting' }] } as const;
const approved = {
  said: 'ask',
  text: 'May I? Thank you.',
  tools: [{ tool, input, status: 'ok', output }],
} as const;
const denied = {
  said: 'ask',
  text: 'May I? As you wish.',
  tools: [{ tool, input, status: 'error' }],
} as const;

/** Answers that wait for a decision. */
export const approvalChecks: readonly DialectCheck[] = [
  createDialectCheck('approved', async ({ open }) => {
    const client = await open();
    await client.send('ask');
    expectShown(client, [waiting]);
    await client.answer(true);
    expectShown(client, [approved]);
    await client.send('hello');
    expectShown(client, [approved, { said: 'hello', text: 'hello.' }]);
  }),

  createDialectCheck('denied', async ({ open }) => {
    const client = await open();
    await client.send('ask');
    await client.answer(false);
    expectShown(client, [denied]);
  }),

  createDialectCheck('dismissed', async ({ open }) => {
    const client = await open();
    await client.send('ask');
    // A message in place of an answer closes the approval.
    await client.send('hello');
    expectSame(client.shown().at(-1)?.text, 'hello.', 'the answer to the next message');
    const later = await open();
    await later.load();
    expectSame(
      later.shown().map(({ said, tools }) => [said, tools.some(({ status }) => status === 'waiting')]),
      [
        ['ask', false],
        ['hello', false],
      ],
      'a page that is opened later',
    );
  }),

  createDialectCheck('answered on another page', async ({ open }) => {
    const first = await open();
    await first.send('ask');
    const second = await open();
    await second.load();
    expectShown(second, [waiting]);
    await second.answer(true);
    expectShown(second, [approved]);
    const third = await open();
    await third.load();
    expectShown(third, [approved]);
  }),
];
