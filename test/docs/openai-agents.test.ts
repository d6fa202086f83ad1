// docs/agents/openai-agents.md: its code is that of the files beside this one, whose types are checked, and it runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryStore } from '../../src/log/index.ts';
import type { Agent } from '../../src/protocol/index.ts';
import { createSession, eventsOf, send, setUp, settled, stateOf } from '../../src/turns/engine.fixture.ts';
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

async function talk(given: Agent) {
  const store = memoryStore();
  const { engine } = setUp(given, { store });
  const session = await createSession(engine);
  await send(engine, session, 'Hello');
  const events = await settled(store, session, 1);
  const textOf = async (): Promise<string> =>
    (await eventsOf(store, session))
      .flatMap((event) => (event.type === 'content' && event.agent === undefined ? [event.data] : []))
      .join('');
  return { engine, store, session, events, textOf };
}

test('the agent with a tool answers', async () => {
  expect(await (await talk(agent)).textOf()).toBe('It is sunny in Kyoto.');
});

test('the till asks before it pays', async () => {
  const { engine, store, session, textOf } = await talk(till);
  const [approval] = (await stateOf(store, session)).approvals;
  expect(approval).toMatchObject({ reason: { question: 'May I?', name: 'pay', input: { sum: 12 } } });
  const command = { type: 'answer', approval: approval?.approval ?? '', decision: true, at: 1 } as const;
  await engine.submit(session, command, { owner: 'ada', key: { id: 'k', digest: 'k' } });
  await settled(store, session, 2);
  expect(await textOf()).toBe('Paid 12.');
});

test('the team hands off, and the researcher speaks for itself', async () => {
  const { events, textOf } = await talk(team);
  expect(await textOf()).toBe('Paris is a city.');
  const inner = events.filter((event) => 'agent' in event && event.agent?.join() === 'research');
  expect(inner.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['tool_progress', 'tool_result', 'content']),
  );
  expect(events).toContainEqual(expect.objectContaining({ data: { source: 'Desk', target: 'Writer' } }));
});
