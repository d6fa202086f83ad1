// docs/agents/ai-sdk.md: its code is that of the files beside this one, whose types are checked, and it runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Agent } from '../../src/protocol/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import { createSession, send, setUp, settled, stateOf } from '../../src/turns/engine.fixture.ts';
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

async function talk(given: Agent) {
  const store = memoryStore();
  const { engine } = setUp(given, { store });
  const session = await createSession(engine);
  await send(engine, session, 'Hello');
  await settled(store, session, 1);
  return { engine, store, session };
}

async function textOf({ store, session }: Awaited<ReturnType<typeof talk>>): Promise<string> {
  const last = (await stateOf(store, session)).messages.at(-1);
  const parts = last?.role === 'agent' ? last.parts : [];
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

test('the agent with a tool answers', async () => {
  expect(await textOf(await talk(agent))).toBe('It is sunny in Kyoto.');
});

test('the call of streamText() answers, and knows its user', async () => {
  expect(await textOf(await talk(text))).toContain('You help ada.');
});

test('the till asks before it pays', async () => {
  const talked = await talk(till);
  const { engine, store, session } = talked;
  const [approval] = (await stateOf(store, session)).approvals;
  expect(approval).toMatchObject({ reason: 'Pay this sum?' });
  const command = { type: 'answer', approval: approval?.approval ?? '', decision: true, at: 1 } as const;
  await engine.submit(session, command, { owner: 'ada', key: { id: 'k', digest: 'k' } });
  await settled(store, session, 2);
  expect(await textOf(talked)).toBe('Paid 12.');
});
