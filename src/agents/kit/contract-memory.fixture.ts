import { expect } from 'vitest';
import { memoryStore } from '../../log/index.ts';
import type { Store } from '../../log/index.ts';
import { createAgentCheck, createNotingTool } from './contract-stage.fixture.ts';
import type { AgentCheck, Stage } from './contract-stage.fixture.ts';
import type { Script } from './oracle.fixture.ts';

/** A store that keeps no snapshot. */
function forgetful(): Store {
  const store = memoryStore();
  return { ...store, snapshots: { ...store.snapshots, load: async () => undefined } };
}

const first: Script = {
  answers: [
    [{ text: 'I look.' }, { tool: 'look', id: 'c1' }],
    [{ text: 'It is green.' }],
    [{ text: 'Bye.' }],
  ],
  tools: [createNotingTool('look', 'green')],
};
const later: Script = { ...first, answers: [[{ text: 'Bye.' }]] };

const conversation = [
  ['user', 'What is it?'],
  ['assistant', 'I look.'],
  ['tool', 'green'],
  ['assistant', 'It is green.'],
  ['user', 'Thanks'],
];

async function expectMemory({ send, ended, given }: Stage, restart: () => Promise<void>): Promise<void> {
  await send('What is it?');
  await ended(1);
  await restart();
  await send('Thanks');
  expect(await ended(2)).toMatchObject({ outcome: 'completed' });
  expect(given().map(({ role, text }) => [role, text])).toEqual(conversation);
}

/** Checks of what the model is given in a later turn. */
export const memoryChecks: readonly AgentCheck[] = [
  createAgentCheck('the next turn has the conversation', first, (stage) =>
    expectMemory(stage, async () => {}),
  ),

  createAgentCheck('another process has the conversation', first, (stage) =>
    expectMemory(stage, () => stage.restart(later)),
  ),

  createAgentCheck(
    'without a snapshot the conversation is built from the log',
    first,
    (stage) => expectMemory(stage, () => stage.restart(later)),
    { openStore: forgetful },
  ),
];
