import { Agent, tool } from '@strands-agents/sdk';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { strands, toolKey } from './index.ts';
import { answerAll, runSaved, runTurn } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';
import type { Said } from './scripted-model.fixture.ts';

const made = (seen: unknown[], ...answers: readonly (readonly Said[])[]) => {
  const pay = tool({
    name: 'pay',
    description: 'Pays',
    inputSchema: z.object({ ask: z.boolean().optional() }),
    callback: ({ ask }, context) => {
      if (ask === true) context?.interrupt({ name: 'confirm' });
      seen.push(toolKey(context), context?.invocationState['heddle']);
      return 'paid';
    },
  });
  return strands(() => new Agent({ model: new ScriptedModel(...answers), tools: [pay], printer: false }));
};

test('a tool can read its turn and the key of its call', async () => {
  const seen: unknown[] = [];
  await runTurn(made(seen, [{ tool: 'pay', id: 'c1' }], [{ text: 'ok' }]), { turn: 't7', session: 'here' });
  expect(seen).toEqual(['t7:c1', { session: 'here', turn: 't7', attempt: 1 }]);
});

test('an approved call keeps its key when its turn is started again after a crash', async () => {
  const seen: unknown[] = [];
  const first = await runSaved(made(seen, [{ tool: 'pay', id: 'c1', input: { ask: true } }]));
  const again = { turn: 't8', snapshot: first.saved, answers: answerAll(first.events, true) };
  await runTurn(made(seen, [{ text: 'ok' }]), { ...again, attempt: 1 });
  await runTurn(made(seen, [{ text: 'ok' }]), { ...again, attempt: 2 });
  expect(seen.filter((key) => typeof key === 'string')).toEqual(['t8:c1', 't8:c1']);
  expect(seen.at(-1)).toMatchObject({ attempt: 2 });
});

test('the tools of an agent that is used as a tool can read it too', async () => {
  const seen: unknown[] = [];
  const note = tool({
    name: 'note',
    description: 'Notes',
    inputSchema: z.object({}),
    callback: (_input, context) => {
      seen.push(toolKey(context));
      return 'noted';
    },
  });
  const agent = strands(() => {
    const model = new ScriptedModel([{ tool: 'note', id: 'n1' }], [{ text: 'ok' }]);
    const inner = new Agent({ name: 'inner', model, tools: [note], printer: false });
    const outer = new ScriptedModel([{ tool: 'inner', id: 'c1', input: { input: 'x' } }], [{ text: 'ok' }]);
    return new Agent({ model: outer, tools: [inner], printer: false });
  });
  await runTurn(agent);
  expect(seen).toEqual(['t1:n1']);
});

test('outside of a turn there is no key', () => {
  expect(() => toolKey(undefined)).toThrow(TypeError);
  expect(() => toolKey({ toolUse: { toolUseId: 'c1' }, invocationState: {} })).toThrow(/strands\(factory\)/);
});
