// docs/agents/langgraph.md: its code is that of the files beside this one, whose types are checked, and it
// runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Agent } from '../../src/protocol/index.ts';
import { talkWith } from '../rig/agent-talk.ts';
import { root } from '../rig/child.ts';
import agent from './langgraph/agent.ts';
import graph from './langgraph/graph.ts';
import own from './langgraph/own.ts';
import till from './langgraph/till.ts';

const page = readFileSync(join(root, 'docs/agents/langgraph.md'), 'utf8');

test('the code is that of the files beside this one', () => {
  const blocks = [...page.matchAll(/```ts\n(\/\/ (\w+\.ts).*?)```/gs)];
  expect(blocks.map(([, , name]) => name)).toEqual(['agent.ts', 'graph.ts', 'till.ts', 'own.ts']);
  for (const [, block, name] of blocks) {
    const file = readFileSync(join(root, `test/docs/langgraph/${name}`), 'utf8');
    expect(file.replace(/^\/\/ @ts-nocheck .*\n/, '')).toBe(block);
  }
});

/** Sends a message, answers what the agent asks, and returns the text of the last answer. */
async function talk(given: Agent, content: string, decision?: unknown): Promise<string> {
  const { approvals, answer, text } = await talkWith(given, content);
  expect((await approvals()).length > 0).toBe(decision !== undefined);
  if (decision !== undefined) await answer(decision);
  return text();
}

test('the agent with a tool answers', async () => {
  expect(await talk(agent, 'Weather?')).toBe('It is sunny in Kyoto.');
});

test('the graph asks before it writes', async () => {
  expect(await talk(graph, 'Hello', 'loudly')).toBe('Say it loudly.');
});

test('the till pays, or pays another sum, or does not pay', async () => {
  expect(await talk(till, 'Pay 12', true)).toBe('Paid 12.');
  const edit = { type: 'edit', editedAction: { args: { sum: 1 } } };
  expect(await talk(till, 'Pay 12', edit)).toBe('Paid 1.');
  expect(await talk(till, 'Pay 12', { type: 'reject', message: 'Too much.' })).toBe('Too much.');
});

test('the agent with a memory of its own answers', async () => {
  expect(await talk(own, 'Hello')).toBe('Hello');
});
