// docs/agents/openai-agents.md: its code is that of the files beside this one, whose types are checked, and
// it runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { talkWith } from '../rig/agent-talk.ts';
import { root } from '../rig/child.ts';
import agent from './openai-agents/agent.ts';
import team from './openai-agents/team.ts';
import till from './openai-agents/till.ts';

const page = readFileSync(join(root, 'docs/agents/openai-agents.md'), 'utf8');

test('the code is that of the files beside this one', () => {
  const blocks = [...page.matchAll(/```ts\n(\/\/ (\S+)\n.*?)```/gs)];
  expect(blocks.map(([, , name]) => name)).toEqual(['agent.ts', 'till.ts', 'team.ts']);
  for (const [, block, name] of blocks)
    expect(readFileSync(join(root, `test/docs/openai-agents/${name}`), 'utf8')).toBe(block);
});

test('the agent with a tool answers', async () => {
  expect(await (await talkWith(agent)).text()).toBe('It is sunny in Kyoto.');
});

test('the till asks before it pays', async () => {
  const { approvals, answer, text } = await talkWith(till);
  expect((await approvals())[0]).toMatchObject({
    reason: { question: 'May I?', name: 'pay', input: { sum: 12 } },
  });
  await answer(true);
  expect(await text()).toBe('Paid 12.');
});

test('the team hands off, and the researcher speaks for itself', async () => {
  const talk = await talkWith(team);
  const events = await talk.events();
  expect(await talk.text()).toBe('Paris is a city.');
  const inner = events.filter((event) => 'agent' in event && event.agent?.join() === 'research');
  expect(inner.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['tool_progress', 'tool_result', 'content']),
  );
  expect(events).toContainEqual(expect.objectContaining({ data: { source: 'Desk', target: 'Writer' } }));
});
