// The inputs that strands() accepts, and the values that its function may return.
import { Agent } from '@strands-agents/sdk';
import { expect, test } from 'vitest';
import { defineAgent } from '../../protocol/index.ts';
import type { Agent as HeddleAgent } from '../../protocol/index.ts';
import { strands } from './index.ts';
import type { StrandsContext, StrandsFactory } from './index.ts';
import { runTurn, standingText } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';

const create = (): Agent =>
  new Agent({ model: new ScriptedModel([{ text: 'It is sunny.' }]), printer: false });

test.each<readonly [string, StrandsFactory]>([
  ['a function', create],
  ['an async function', async () => create()],
  ['a bound one', create.bind(undefined)],
])('%s that makes an agent is its factory', async (_, factory) => {
  expect(standingText(await runTurn(strands(factory)))).toBe('It is sunny.');
});

/** A function that answers by itself, as a served file may export. */
const asFactory = (value: unknown): StrandsFactory => value as StrandsFactory;

async function said(agent: HeddleAgent): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  const turn = { attempt: 1, input: { type: 'message', content: 'hi' }, save: () => {} } as const;
  const { signal } = new AbortController();
  for await (const event of agent.open({ session: 's', owner: 'o' })({
    ...turn,
    turn: 't',
    signal,
    history: () => [],
  }))
    events.push(event);
  return events;
}

test.each<readonly [string, unknown]>([
  [
    'an async generator function',
    async function* () {
      yield 'It is sunny.';
    },
  ],
  ['a function that gives a text', () => 'It is sunny.'],
  ['a function that promises a list', async () => ['It is sunny.']],
])('%s that makes no agent answers itself', async (_, value) => {
  expect(await said(strands(asFactory(value)))).toEqual(['It is sunny.']);
});

test('a factory gets the session, the turn and the conversation, also in the SDK’s form', async () => {
  let given: StrandsContext | undefined;
  const history = [{ role: 'user', message: 'm0', content: 'Hello', at: 1 }] as never;
  await runTurn(
    strands((context) => {
      given = context;
      return create();
    }),
    { history, session: 's7', turn: 't7' },
  );
  expect(given).toMatchObject({ session: 's7', owner: 'ann', turn: 't7', attempt: 1 });
  expect(given?.history()).toBe(history);
  expect(given?.messages).toMatchObject([{ role: 'user' }]);
});

test('anything but a factory function is refused at creation', () => {
  expect(() => strands(create() as never)).toThrow('Give a function that makes a new one for each turn');
  expect(() => strands(Agent as never)).toThrow('a class (Agent)');
  expect(() => strands(undefined as never)).toThrow('this is nothing (undefined)');
  expect(() => strands(defineAgent(() => 'hi') as never)).toThrow('an agent of Heddle already');
});

test('an agent whose stream() returns no generator fails with a clear message', async () => {
  const agent = strands(asFactory(() => ({ stream: () => Promise.resolve() })));
  await expect(runTurn(agent)).rejects.toThrow('gives no async generator');
});
