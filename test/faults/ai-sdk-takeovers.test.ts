// An engine dies while a tool of its agent runs, and another engine takes the turn over.
import { describe, expect, test } from 'vitest';
import { stageAgent, versions } from '../../src/agents/ai-sdk/staged-agent.fixture.ts';
import type { StagedOptions } from '../../src/agents/ai-sdk/staged-agent.fixture.ts';
import { memoryStore } from '../../src/log/index.ts';
import type { Agent } from '../../src/protocol/index.ts';
import {
  createSession,
  eventsOf,
  seen,
  send,
  setUp,
  settled,
  stateOf,
} from '../../src/turns/engine.fixture.ts';
import { createMortalStore } from '../rig/mortal-store.ts';

/** Runs a turn on an engine that dies when the tool has begun, and ends it on another one. */
async function takeOver(dying: Agent, begun: Promise<void>, next: Agent) {
  const store = memoryStore();
  const mortal = createMortalStore(store);
  const options = { leaseMs: 100, dueMs: 10, cancelMs: 50 };
  const { engine } = setUp(dying, { ...options, store: mortal.store });
  const session = await createSession(engine);
  await send(engine, session, 'Pay');
  await begun;
  mortal.kill();
  const { engine: other } = setUp(next, { ...options, store });
  await settled(store, session, 1);
  return { store, session, engine: other };
}

describe.each(versions)('ai %i:', (version) => {
  const answers: StagedOptions['answers'] = [
    [{ text: 'I pay.' }, { tool: 'pay', id: 'c1', input: { sum: 5 } }],
    [{ text: 'Paid.' }],
  ];

  const stage = (played: StagedOptions['answers'], isIdempotent: boolean) => {
    const begun = Promise.withResolvers<void>();
    const runs: unknown[] = [];
    const make = (execute: (input: unknown) => unknown, given: StagedOptions['answers']) =>
      stageAgent(version, {
        answers: given,
        tools: { pay: { execute } },
        options: { tools: { pay: { idempotent: isIdempotent } } },
      });
    const dying = make((input) => {
      runs.push(input);
      begun.resolve();
      return new Promise(() => {});
    }, answers);
    const next = make((input) => {
      runs.push(input);
      return 'paid';
    }, played);
    return { dying: dying.agent, next, begun: begun.promise, runs };
  };

  test('a turn whose tool may have acted ends, and the next turn is told of the call', async () => {
    const { dying, next, begun, runs } = stage([[{ text: 'Sorry.' }]], false);
    const { store, session, engine } = await takeOver(dying, begun, next.agent);
    expect(runs).toEqual([{ sum: 5 }]);
    const [, failed] = (await stateOf(store, session)).messages;
    expect(failed).toMatchObject({ outcome: 'failed' });
    await send(engine, session, 'And?');
    await settled(store, session, 2);
    expect(runs).toHaveLength(1);
    expect(next.model.doStreamCalls[0]?.prompt).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ text: 'I pay.' }, { toolName: 'pay', input: { sum: 5 } }] },
      { role: 'tool', content: [{ output: { type: 'error-text', value: 'The call was cancelled.' } }] },
      { role: 'user', content: [{ text: 'And?' }] },
    ]);
  });

  test('a turn whose tool may run again begins again, and says its text once', async () => {
    const { dying, next, begun, runs } = stage(answers, true);
    const { store, session } = await takeOver(dying, begun, next.agent);
    expect(runs).toEqual([{ sum: 5 }, { sum: 5 }]);
    const [, answer] = (await stateOf(store, session)).messages;
    expect(answer).toMatchObject({ outcome: 'completed', attempt: 2 });
    const texts = answer?.role === 'agent' ? answer.parts.filter(({ type }) => type === 'text') : [];
    expect(texts).toMatchObject([{ text: 'I pay.' }, { text: 'Paid.' }]);
    const results = (await eventsOf(store, session)).filter(({ type }) => type === 'tool_result');
    expect(results).toMatchObject([{ status: 'cancelled' }, { status: 'ok', output: 'paid' }]);
  });

  test('a tool whose call is not in the log of the dead engine did not run', async () => {
    const store = memoryStore();
    const mortal = createMortalStore(store);
    const runs: unknown[] = [];
    const pay = { execute: (input: unknown) => runs.push(input) };
    const { agent } = stageAgent(version, { answers, tools: { pay } });
    const { engine } = setUp(agent, { store: mortal.store, leaseMs: 100, dueMs: 10, cancelMs: 50 });
    const session = await createSession(engine);
    await send(engine, session, 'Pay');
    await seen(store, session, 'content');
    mortal.kill();
    const told = (await eventsOf(store, session)).filter(({ type }) => type === 'tool_use');
    await engine.close(0);
    expect(told.length).toBeGreaterThanOrEqual(runs.length);
  });
});
