// An engine dies while a tool of its graph runs, and another engine takes the turn over.
import { MemorySaver } from '@langchain/langgraph';
import { tool } from 'langchain';
import { expect, test } from 'vitest';
import { ScriptedChatModel } from '../../src/agents/langgraph/scripted-chat-model.fixture.ts';
import type { Said } from '../../src/agents/langgraph/scripted-chat-model.fixture.ts';
import { adapt, makeAgent } from '../../src/agents/langgraph/staged-graph.fixture.ts';
import { eventsOf, send, settled, stateOf } from '../../src/turns/engine.fixture.ts';
import { dieAtText, takeOver } from '../rig/take-over.ts';

const answers: readonly (readonly Said[])[] = [
  [{ text: 'I pay.' }, { tool: 'pay', id: 'c1', input: { sum: 5 } }],
  [{ text: 'Paid.' }],
];

interface Staged {
  readonly played?: readonly (readonly Said[])[];
  readonly isIdempotent?: boolean;
  readonly pay: (input: unknown) => unknown;
  /** A checkpointer that both engines share, as a database is. */
  readonly shared?: MemorySaver | undefined;
}

function stage({ played = answers, isIdempotent = false, pay, shared }: Staged) {
  const model = new ScriptedChatModel(...played);
  const schema = { type: 'object', properties: {}, additionalProperties: true } as const;
  const tools = [tool(pay, { name: 'pay', description: 'Pays', schema })];
  const agent = adapt((checkpointer) => makeAgent({ model, tools, checkpointer: shared ?? checkpointer }), {
    tools: { pay: { idempotent: isIdempotent } },
  });
  return { agent, model };
}

/** Stages both engines, and lets the first one die in its tool. */
async function takeOverPay(next: Pick<Staged, 'played' | 'isIdempotent' | 'shared'>) {
  const begun = Promise.withResolvers<void>();
  const runs: unknown[] = [];
  const dying = stage({
    ...next,
    played: answers,
    pay(input) {
      runs.push(input);
      begun.resolve();
      return new Promise(() => {});
    },
  });
  const living = stage({ ...next, pay: (input) => (runs.push(input), 'paid') });
  const taken = await takeOver({ dying: dying.agent, begun: begun.promise, next: living.agent });
  return { ...taken, runs, model: living.model };
}

const memories = [
  ['with the memory of the session', undefined],
  ['with a checkpointer of its own', new MemorySaver()],
] as const;

test.each(memories)(
  '%s, a turn whose tool may have acted ends, and the next turn is told of the call',
  async (_, shared) => {
    const { store, session, engine, runs, model } = await takeOverPay({
      played: [[{ text: 'Sorry.' }]],
      shared,
    });
    expect(runs).toEqual([{ sum: 5 }]);
    expect((await stateOf(store, session)).messages[1]).toMatchObject({ outcome: 'failed' });
    await send(engine, session, 'And?');
    await settled(store, session, 2);
    expect(runs).toHaveLength(1);
    expect(model.calls[0]?.map(({ type, text }) => [type, text])).toEqual([
      ['human', 'Pay'],
      ['ai', 'I pay.'],
      ['tool', 'The call was cancelled.'],
      ['human', 'And?'],
    ]);
  },
);

test.each(memories)(
  '%s, a turn whose tool may run again begins again, and says its text once',
  async (_, shared) => {
    const { store, session, runs, model } = await takeOverPay({ isIdempotent: true, shared });
    expect(runs).toEqual([{ sum: 5 }, { sum: 5 }]);
    const [, answer] = (await stateOf(store, session)).messages;
    expect(answer).toMatchObject({ outcome: 'completed', attempt: 2 });
    const texts = answer?.role === 'agent' ? answer.parts.filter(({ type }) => type === 'text') : [];
    expect(texts).toMatchObject([{ text: 'I pay.' }, { text: 'Paid.' }]);
    const results = (await eventsOf(store, session)).filter(({ type }) => type === 'tool_result');
    expect(results).toMatchObject([{ status: 'cancelled' }, { status: 'ok', output: 'paid' }]);
    // The second attempt does not go on in what the first one left in the memory.
    expect(model.calls[0]?.map(({ text }) => text)).toEqual(['Pay']);
  },
);

test('a tool whose call is not in the log of the dead engine did not run', async () => {
  const runs: unknown[] = [];
  const { agent } = stage({ pay: (input) => runs.push(input) });
  const told = await dieAtText(agent);
  expect(told.length).toBeGreaterThanOrEqual(runs.length);
});
