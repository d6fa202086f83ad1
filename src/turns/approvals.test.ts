import { expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import type { Engine } from './engine.ts';
import { agentOf, asked, createSession, eventsOf, send, setUp, settled, stateOf } from './engine.fixture.ts';

/**
 * An agent that requests two approvals and saves what it was about to do. It does this when both are
 * answered.
 */
async function* pays(turn: Turn): AsyncGenerator<AgentEvent> {
  const { input, snapshot, save } = turn;
  if (input.type === 'message') {
    if (asked(turn) !== 'pay') {
      yield `heard ${asked(turn)}`;
      return;
    }
    yield { type: 'tool_use', call: 'c1', tool: 'pay', input: { amount: 7 } };
    yield { type: 'approval_request', approval: 'a1', call: 'c1', reason: 'pay 7?' };
    yield { type: 'approval_request', approval: 'a2', reason: 'sure?' };
    save({ amount: 7 });
    return;
  }
  yield JSON.stringify([
    snapshot,
    input.resumes.length > 0,
    input.answers.map(({ approval, decision }) => [approval, decision]),
  ]);
}

function answer(
  engine: Engine,
  session: string,
  approval: string,
  decision: unknown = true,
  key?: { id: string; digest: string },
) {
  return engine.submit(
    session,
    { type: 'answer', approval, decision, at: Date.now() },
    { owner: 'ada', key },
  );
}

test('a turn that requests approvals waits, and goes on when all are answered', async () => {
  const { store, engine } = setUp(agentOf(pays));
  const session = await createSession(engine);
  await send(engine, session, 'pay');
  const events = await settled(store, session, 1);
  expect(events.slice(-2)).toMatchObject([
    { type: 'tool_result', call: 'c1', status: 'cancelled' },
    { type: 'message_end', outcome: 'waiting', approvals: ['a1', 'a2'] },
  ]);
  await vi.waitFor(() => expect(engine.running).toBe(0));
  await send(engine, session, 'meanwhile');
  await answer(engine, session, 'a2', { no: 'really' });
  await vi.waitFor(() => expect(engine.running).toBe(0));
  expect((await stateOf(store, session)).approvals).toHaveLength(1);
  await answer(engine, session, 'a1');
  await settled(store, session, 3);
  const { messages, approvals } = await stateOf(store, session);
  expect(approvals).toEqual([]);
  expect(messages.map((message) => message.role)).toEqual(['user', 'agent', 'agent', 'user', 'agent']);
  expect(messages[2]).toMatchObject({
    outcome: 'completed',
    parts: [
      {
        text: JSON.stringify([
          { amount: 7 },
          true,
          [
            ['a1', true],
            ['a2', { no: 'really' }],
          ],
        ]),
      },
    ],
  });
  expect(messages[4]).toMatchObject({ parts: [{ text: 'heard meanwhile' }] });
});

test('an unknown, repeated or late answer starts nothing, and a repeated key gets the first response', async () => {
  const { store, engine } = setUp(agentOf(pays));
  const session = await createSession(engine);
  await send(engine, session, 'pay');
  await settled(store, session, 1);
  const key = { id: 'k', digest: 'd' };
  const first = await answer(engine, session, 'a1', true, key);
  expect((await answer(engine, session, 'a1', true, key)).entries).toEqual(first.entries);
  for (const approval of ['a1', 'nothing']) {
    await expect(answer(engine, session, approval)).rejects.toMatchObject({ code: 'too_late' });
  }
  await answer(engine, session, 'a2');
  await settled(store, session, 2);
  await expect(answer(engine, session, 'a2')).rejects.toMatchObject({ code: 'too_late' });
  expect((await eventsOf(store, session)).filter(({ type }) => type === 'message_start')).toHaveLength(2);
});

test('if two answers race for one approval, one of them counts', async () => {
  const { store, engine } = setUp(agentOf(pays));
  const session = await createSession(engine);
  await send(engine, session, 'pay');
  await settled(store, session, 1);
  const results = await Promise.allSettled([
    answer(engine, session, 'a1', 1),
    answer(engine, session, 'a1', 2),
  ]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('approvals can be answered in another process, which has what the agent saved', async () => {
  const store = memoryStore();
  const first = setUp(agentOf(pays), { store });
  const session = await createSession(first.engine);
  await send(first.engine, session, 'pay');
  await settled(store, session, 1);
  await first.engine.close(0);
  const { engine } = setUp(agentOf(pays), { store });
  await answer(engine, session, 'a1');
  await answer(engine, session, 'a2');
  await settled(store, session, 2);
  expect(JSON.stringify((await stateOf(store, session)).messages[2])).toContain('{\\"amount\\":7}');
});

test('approvals expire by themselves, and the message behind them is answered', async () => {
  const { store, engine } = setUp(agentOf(pays), { approvalMs: 50 });
  const session = await createSession(engine);
  await send(engine, session, 'pay');
  await settled(store, session, 1);
  await send(engine, session, 'next');
  const events = await settled(store, session, 2);
  expect(events.filter(({ type }) => type === 'approval_answer')).toMatchObject([
    { status: 'expired' },
    { status: 'expired' },
  ]);
  await expect(answer(engine, session, 'a1')).rejects.toMatchObject({ code: 'too_late' });
});

test('an interrupting message closes the approvals and is answered at once', async () => {
  const { store, engine } = setUp(agentOf(pays));
  const session = await createSession(engine);
  await send(engine, session, 'pay');
  await settled(store, session, 1);
  await send(engine, session, 'stop that', { onBusy: 'interrupt' });
  await settled(store, session, 2);
  const { messages } = await stateOf(store, session);
  expect(messages.at(-1)).toMatchObject({ parts: [{ text: 'heard stop that' }] });
});

test('an agent that reuses the name of an approval is answered under that name, and earlier decisions stay', async () => {
  const agent = agentOf(async function* ({ input }: Turn): AsyncGenerator<AgentEvent> {
    if (input.type === 'message') yield { type: 'approval_request', approval: 'confirm', reason: 'sure?' };
    else yield JSON.stringify(input.answers.map(({ approval, decision }) => [approval, decision]));
  });
  const { store, engine } = setUp(agent);
  const session = await createSession(engine);
  for (const [index, decision] of [false, true].entries()) {
    await send(engine, session, 'go');
    await settled(store, session, index * 2 + 1);
    const [pending] = (await stateOf(store, session)).approvals;
    await answer(engine, session, pending?.approval ?? '', decision);
    await settled(store, session, index * 2 + 2);
  }
  const parts = (await stateOf(store, session)).messages.flatMap((message) =>
    message.role === 'agent' ? message.parts : [],
  );
  expect(parts).toMatchObject([
    { approval: 'confirm', decision: false },
    { text: '[["confirm",false]]' },
    { approval: 'confirm~2', name: 'confirm', decision: true },
    { text: '[["confirm",true]]' },
  ]);
});
