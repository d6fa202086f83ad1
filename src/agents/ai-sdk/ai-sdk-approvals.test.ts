import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../protocol/index.ts';
import { answerAll, runSaved, runTurn } from '../kit/run-turn.fixture.ts';
import { listOf, textOf } from '../kit/index.ts';
import { aiSdkAgent } from './index.ts';
import { stageAgent, versions } from './staged-agent.fixture.ts';
import type { AiSdkVersion, StagedOptions, StagedTool } from './staged-agent.fixture.ts';

/** Tools that note their runs: `pay` asks, `look` does not, and `shown` is not run by the SDK. */
function createTools(runs: unknown[]): Readonly<Record<string, StagedTool>> {
  const noting = (output: string) => (input: unknown) => {
    runs.push(input);
    return output;
  };
  return {
    pay: { title: 'Pay?', needsApproval: true, execute: noting('paid') },
    look: { execute: noting('green') },
    shown: {},
  };
}

const pay = (n: number) => ({ tool: 'pay', id: `c${n}`, input: { n } });
const done = [{ text: 'Done.' }];
const requestsOf = (events: readonly Exclude<AgentEvent, string>[]) =>
  events.flatMap((event) => (event.type === 'approval_request' ? [event] : []));
const resultsOf = (events: readonly Exclude<AgentEvent, string>[]) =>
  events.flatMap((event) => (event.type === 'tool_result' ? [[event.call, event.output, event.status]] : []));

describe.each(versions)('version %i:', (version) => {
  const ask = async (first: StagedOptions['answers'], runs: unknown[] = []) => {
    const { agent } = stageAgent(version, { answers: first, tools: createTools(runs) });
    return runSaved(agent, { content: 'Pay' });
  };
  const stage = (answers: StagedOptions['answers'], runs: unknown[] = []) =>
    stageAgent(version, { answers, tools: createTools(runs) });

  test('an approved call does not run if the agent has lost its tool, and no answer is made up', async () => {
    const { events, saved } = await ask([[pay(1)]]);
    const { agent } = stageAgent(version, { answers: [done] });
    const told: unknown[] = [];
    const going = runTurn(agent, {
      snapshot: saved,
      answers: answerAll(events, true),
      onEvent: (event) => event.type === 'tool_result' && told.push(event.status),
    });
    // Version 6 tells the model that the call was denied.
    if (version === 7) await expect(going).rejects.toMatchObject({ code: 'approval_lost' });
    else await going;
    expect(told).toEqual(version === 7 ? [] : ['error']);
  });

  test('what is too long to save cannot wait, and is left to the log when nothing waits', async () => {
    const look = { execute: () => 'x'.repeat(9_000_000) };
    const tools = { ...createTools([]), look };
    const looks = { tool: 'look', id: 'c9' };
    const { agent } = stageAgent(version, { answers: [[looks, pay(1)]], tools });
    await expect(runTurn(agent)).rejects.toMatchObject({ code: 'approval_unsupported' });
    const { agent: other } = stageAgent(version, { answers: [[looks], done], tools });
    expect((await runSaved(other)).saved).toBeUndefined();
  });

  test('two calls are decided each by itself, and a third one beside them runs at once', async () => {
    const runs: unknown[] = [];
    const { events, saved } = await ask(
      [[pay(1), { tool: 'look', id: 'c9', input: { n: 9 } }, pay(2)]],
      runs,
    );
    expect(runs).toEqual([{ n: 9 }]);
    const [first, second] = requestsOf(events);
    expect([first, second]).toMatchObject([
      { call: 'c1', reason: 'Pay?' },
      { call: 'c2', reason: 'Pay?' },
    ]);
    const answers = [
      { approval: second?.approval ?? '', reason: '', decision: true },
      { approval: first?.approval ?? '', reason: '', decision: { approved: false, reason: 'Too much.' } },
    ];
    const { agent, model } = stage([done], runs);
    const next = await runTurn(agent, { content: 'Pay', turn: 't2', snapshot: saved, answers });
    expect(next.slice(0, 2)).toEqual([
      { type: 'tool_use', call: 'c1', tool: 'pay', input: { n: 1 } },
      { type: 'tool_use', call: 'c2', tool: 'pay', input: { n: 2 } },
    ]);
    expect(resultsOf(next)).toEqual([
      ['c1', 'denied: Too much.', 'error'],
      ['c2', 'paid', 'ok'],
    ]);
    expect(runs).toEqual([{ n: 9 }, { n: 2 }]);
    expect(JSON.stringify(model.doStreamCalls[0]?.prompt)).toContain('Too much.');
  });

  test('a tool may ask again in the turn that goes on, by a name that came before', async () => {
    const first = await ask([[pay(1)]]);
    const second = await runSaved(stage([[pay(1)]]).agent, {
      snapshot: first.saved,
      answers: answerAll(first.events, true),
    });
    expect(resultsOf(second.events)).toEqual([['c1', 'paid', 'ok']]);
    expect(requestsOf(second.events)).toMatchObject([{ call: 'c1-2' }]);
    const third = await runTurn(stage([done]).agent, {
      snapshot: second.saved,
      answers: answerAll(second.events, true),
    });
    expect(resultsOf(third)).toEqual([['c1-2', 'paid', 'ok']]);
  });

  test('a message in place of the answers closes the calls with a result', async () => {
    const { saved } = await ask([[pay(1), { tool: 'shown', id: 'c2' }]]);
    const { agent, model } = stage([done]);
    await runTurn(agent, { content: 'Never mind', snapshot: saved });
    const given = listOf(model.doStreamCalls[0]?.prompt);
    expect(given).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'tool', content: [{ toolCallId: 'c1' }, { toolCallId: 'c2' }] },
      { role: 'user' },
    ]);
    expect(JSON.stringify(given)).toContain('There was no answer');
  });

  test('a call beside the approval that nothing runs is closed when the turn goes on', async () => {
    const { events, saved } = await ask([[{ tool: 'shown', id: 'c2' }, pay(1)]]);
    const next = await runTurn(stage([done]).agent, { snapshot: saved, answers: answerAll(events, true) });
    expect(next.at(-1)).toEqual({ type: 'stop', reason: 'stop' });
  });

  test('a message after a call that nothing runs goes on', async () => {
    const { saved } = await ask([[{ tool: 'shown', id: 'c2' }]]);
    const next = await runTurn(stage([done]).agent, { content: 'And?', snapshot: saved });
    expect(next.at(-1)).toEqual({ type: 'stop', reason: 'stop' });
  });

  test.each([undefined, {}, { version: 2 }, { version: 1, messages: [], waiting: [] }])(
    'an answer that finds the memory %j is lost',
    async (snapshot) => {
      const answers = [{ approval: 'a_1', reason: '', decision: true }];
      await expect(runTurn(stage([done]).agent, { snapshot, answers })).rejects.toMatchObject({
        code: 'approval_lost',
      });
    },
  );

  test('the tool of an approved call waits until its call stands in the log again', async () => {
    const { events, saved } = await ask([[pay(1)]]);
    const runs: unknown[] = [];
    const { agent } = stage([done], runs);
    const order: string[] = [];
    await runTurn(agent, {
      snapshot: saved,
      answers: answerAll(events, true),
      onEvent: ({ type }) => order.push(`${type} ${runs.length}`),
    });
    expect(order.slice(0, 2)).toEqual(['tool_use 0', 'tool_result 1']);
  });
});

test('a tool that the provider runs is approved by the provider', async () => {
  const stage = (answers: StagedOptions['answers']) => stageAgent(7, { answers });
  const call = {
    type: 'tool-call',
    toolCallId: 'c1',
    toolName: 'mcp',
    input: '{}',
    providerExecuted: true,
    dynamic: true,
  } as const;
  const request = { type: 'tool-approval-request', approvalId: 'p1', toolCallId: 'c1' } as const;
  const first = await runSaved(stage([[{ parts: [call, request] }]]).agent);
  const result = { type: 'tool-result', toolCallId: 'c1', toolName: 'mcp', result: 'ok', dynamic: true };
  const { agent, model } = stage([[{ parts: [call, result as never] }, { text: 'Done.' }]]);
  const next = await runTurn(agent, { snapshot: first.saved, answers: answerAll(first.events, true) });
  expect(JSON.stringify(model.doStreamCalls[0]?.prompt)).toContain('"approvalId":"p1","approved":true');
  expect(next.filter(({ type }) => type === 'tool_use')).toHaveLength(1);
  expect(resultsOf(next)).toEqual([['c1', 'ok', 'ok']]);
});

test('what the policy of version 7 decides asks nobody, and its reason is told', async () => {
  const runs: unknown[] = [];
  const toolApproval = {
    pay: ({ n }: { n: number }) => (n === 1 ? { type: 'denied', reason: 'Closed.' } : 'approved'),
    look: () => ({ type: 'user-approval', reason: 'May I look?' }),
  };
  const { agent } = stageAgent(7, {
    answers: [[pay(1)], [{ ...pay(2), id: 'c1' }], [{ tool: 'look', id: 'c1' }]],
    tools: createTools(runs),
    settings: { toolApproval },
  });
  const events = await runTurn(agent);
  expect(resultsOf(events)).toEqual([
    ['c1', 'denied: Closed.', 'error'],
    ['c1-2', 'paid', 'ok'],
  ]);
  expect(requestsOf(events)).toMatchObject([{ call: 'c1-3', reason: 'May I look?' }]);
});

test('an approval that could not be answered later fails the turn', async () => {
  const { agent, factory } = stageAgent(7, { answers: [[pay(1)]], tools: createTools([]), form: 'text' });
  expect(agent).toBeDefined();
  const forgetful = aiSdkAgent(async (context) => {
    const result = await factory(context);
    if (!('fullStream' in result)) throw new Error('no result');
    return { fullStream: result.fullStream, toUIMessageStream: () => {} };
  });
  await expect(runTurn(forgetful)).rejects.toMatchObject({ code: 'approval_unsupported' });
});

test.each(versions)('version %i: a file in the message outlives the wait', async (version: AiSdkVersion) => {
  const content = [
    { type: 'text', text: 'Pay this' },
    { type: 'file', media_type: 'application/pdf', data: 'JVBERi0=', name: 'bill.pdf' },
  ] as const;
  const first = stageAgent(version, { answers: [[pay(1)]], tools: createTools([]) });
  const { events, saved } = await runSaved(first.agent, { content });
  const next = stageAgent(version, { answers: [done], tools: createTools([]) });
  await runTurn(next.agent, { snapshot: saved, answers: answerAll(events, true) });
  const [given] = listOf(next.model.doStreamCalls[0]?.prompt);
  const [before] = listOf(first.model.doStreamCalls[0]?.prompt);
  expect(given).toEqual(before);
  expect(textOf(JSON.stringify(given))).toContain('bill.pdf');
});
