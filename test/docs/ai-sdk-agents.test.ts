// docs/agents/ai-sdk.md: its code is that of the files beside this one, whose types are checked, and it runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { talkWith } from '../rig/agent-talk.ts';
import { root } from '../rig/child.ts';
import agent from './ai-sdk-agents/agent.ts';
import text from './ai-sdk-agents/text.ts';
import till from './ai-sdk-agents/till.ts';

const page = readFileSync(join(root, 'docs/agents/ai-sdk.md'), 'utf8');

test('the code is that of the files beside this one', () => {
  const blocks = [...page.matchAll(/```ts\n(\/\/ (\S+)\n.*?)```/gs)];
  expect(blocks.map(([, , name]) => name)).toEqual(['agent.ts', 'text.ts', 'till.ts']);
  for (const [, block, name] of blocks)
    expect(readFileSync(join(root, `test/docs/ai-sdk-agents/${name}`), 'utf8')).toBe(block);
});

test('the agent with a tool answers', async () => {
  expect(await (await talkWith(agent)).text()).toBe('It is sunny in Kyoto.');
});

test('the call of streamText() answers, and knows its user', async () => {
  expect(await (await talkWith(text)).text()).toContain('You help ada.');
});

test('the till asks before it pays', async () => {
  const { approvals, answer, text: said } = await talkWith(till);
  expect((await approvals())[0]).toMatchObject({ reason: 'Pay this sum?' });
  await answer(true);
  expect(await said()).toBe('Paid 12.');
});
