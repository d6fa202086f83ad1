// An engine dies while a tool of its agent runs, and another engine takes the turn over.
import { describe, expect, test } from 'vitest';
import { stageAgent, versions } from '../../src/agents/ai-sdk/staged-agent.fixture.ts';
import type { StagedOptions } from '../../src/agents/ai-sdk/staged-agent.fixture.ts';
import { eventsOf, send, settled, stateOf } from '../../src/turns/engine.fixture.ts';
import { dieAtText, takeOver } from '../rig/take-over.ts';

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
    const { store, session, engine } = await takeOver({ dying, begun, next: next.agent });
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
    const { store, session } = await takeOver({ dying, begun, next: next.agent });
    expect(runs).toEqual([{ sum: 5 }, { sum: 5 }]);
    const [, answer] = (await stateOf(store, session)).messages;
    expect(answer).toMatchObject({ outcome: 'completed', attempt: 2 });
    const texts = answer?.role === 'agent' ? answer.parts.filter(({ type }) => type === 'text') : [];
    expect(texts).toMatchObject([{ text: 'I pay.' }, { text: 'Paid.' }]);
    const results = (await eventsOf(store, session)).filter(({ type }) => type === 'tool_result');
    expect(results).toMatchObject([{ status: 'cancelled' }, { status: 'ok', output: 'paid' }]);
  });

  test('a tool whose call is not in the log of the dead engine did not run', async () => {
    const runs: unknown[] = [];
    const pay = { execute: (input: unknown) => runs.push(input) };
    const { agent } = stageAgent(version, { answers, tools: { pay } });
    const told = await dieAtText(agent);
    expect(told.length).toBeGreaterThanOrEqual(runs.length);
  });
});
