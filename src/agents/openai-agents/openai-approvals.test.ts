import { Agent, RunContext, hostedMcpTool } from '@openai/agents';
import { ScriptedModel, assistantMessage, functionCall } from '@openai/agents/testing';
import { describe, expect, test } from 'vitest';
import type { ApprovalAnswer } from '../../protocol/index.ts';
import { sentIn } from '../kit/conversation.fixture.ts';
import { answerAll, runSaved, runTurn, standingText } from '../strands/run-turn.fixture.ts';
import { adapt, noting, ofType } from './openai-stage.fixture.ts';
import { givenTo, scriptedAnswers } from './scripted-answers.fixture.ts';

const pay = (n: number) => ({ tool: 'pay', id: `c${n}`, input: { n } });

describe('several approvals at once', () => {
  /** Each call is a process of its own. */
  const stage = (runs: unknown[], answers: Parameters<typeof scriptedAnswers>[0]) => {
    const model = scriptedAnswers(answers);
    const tools = [noting('pay', runs, true), noting('look', runs)];
    return { model, agent: adapt(() => new Agent({ name: 'A', model, tools })) };
  };
  const asking = [[{ text: 'I pay.' }, pay(1), { tool: 'look', id: 'l1' }, pay(2), pay(3)]];

  test('are asked together, and mixed answers reach their calls in another process', async () => {
    const runs: unknown[] = [];
    const { events, saved } = await runSaved(stage(runs, asking).agent);
    expect(runs).toEqual([{}]);
    expect(ofType(events, 'approval_request')).toMatchObject(
      [1, 2, 3].map((n) => ({ call: `c${n}`, reason: { tool: 'pay', input: { n } } })),
    );
    expect(ofType(events, 'tool_result')).toMatchObject([{ call: 'l1' }]);
    const answers = answerAll(events, true).map((answer, index): ApprovalAnswer =>
      index === 1 ? { ...answer, decision: 'Too much.' } : answer,
    );
    const { model, agent } = stage(runs, [[{ text: 'Paid.' }]]);
    const next = await runTurn(agent, { snapshot: saved, answers: answers.toReversed() });
    expect(runs).toEqual([{}, { n: 1 }, { n: 3 }]);
    expect(ofType(next, 'tool_use').map(({ call }) => call)).toEqual(['c1', 'c2', 'c3']);
    expect(
      ofType(next, 'tool_result')
        .map(({ call, status }) => [call, status])
        .toSorted(),
    ).toEqual([
      ['c1', 'ok'],
      ['c2', 'error'],
      ['c3', 'ok'],
    ]);
    expect(standingText(next)).toBe('Paid.');
    expect(givenTo(model)[0]?.map(({ text }) => text)).toContain('Too much.');
  });

  test('one without an answer is asked for again', async () => {
    const runs: unknown[] = [];
    const { events, saved } = await runSaved(stage(runs, asking).agent);
    const answers = answerAll(events, { approved: true }).slice(0, 2);
    const again = await runSaved(stage(runs, []).agent, { snapshot: saved, answers });
    expect(ofType(again.events, 'approval_request')).toMatchObject([{ call: 'c3' }]);
    const last = await runTurn(stage(runs, [[{ text: 'Paid.' }]]).agent, {
      snapshot: again.saved,
      answers: answerAll(again.events, true),
    });
    expect(standingText(last)).toBe('Paid.');
    expect(runs).toEqual([{}, { n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('a message in place of the answers closes the calls', async () => {
    const { saved } = await runSaved(stage([], asking).agent);
    const { model, agent } = stage([], [[{ text: 'All right.' }]]);
    const { events } = await runSaved(agent, { snapshot: saved, content: 'Never mind' });
    expect(standingText(events)).toBe('All right.');
    const items = model.calls[0]?.request.input as readonly {
      readonly type: string;
      readonly callId: string;
    }[];
    const idsOf = (type: string) => items.filter((item) => item.type === type).map(({ callId }) => callId);
    expect(idsOf('function_call').toSorted()).toEqual(['c1', 'c2', 'c3', 'l1']);
    expect(idsOf('function_call_result').toSorted()).toEqual(['c1', 'c2', 'c3', 'l1']);
  });

  test('what the SDK cannot read is lost', async () => {
    const { events, saved } = await runSaved(stage([], asking).agent);
    const answers = answerAll(events, true);
    const text = JSON.stringify(saved).replace(/(schemaVersion\W+)[\d.]+/, '$19.99');
    for (const snapshot of [JSON.parse(text) as unknown, undefined, { version: 7 }, { version: 1 }])
      await expect(runTurn(stage([], []).agent, { snapshot, answers })).rejects.toMatchObject({
        code: 'approval_lost',
      });
    const other = adapt(() => new Agent({ name: 'B', model: scriptedAnswers([]) }));
    await expect(runTurn(other, { snapshot: saved, answers })).rejects.toMatchObject({
      code: 'approval_lost',
    });
  });
});

describe('an agent that runs as a tool', () => {
  const stage = (runs: unknown[], outer: Parameters<typeof scriptedAnswers>[0], inner: ScriptedModel) =>
    adapt(({ onStream }) => {
      const agent = new Agent({ name: 'Inner', model: inner, tools: [noting('pay', runs, true)] });
      const tools = [
        agent.asTool({ toolName: 'ask', toolDescription: 'ask', onStream }),
        noting('look', runs),
      ];
      return new Agent({ name: 'Outer', model: scriptedAnswers(outer), tools });
    });

  test.each([
    [true, 'pay done', [{ n: 1 }]],
    [false, 'Tool execution was not approved.', []],
  ])('asks, and goes on in another process (%s)', async (decision, output, ran) => {
    const runs: unknown[] = [];
    const calls = [
      functionCall('pay', { n: 1 }, { callId: 'c1' }),
      functionCall('pay', { n: 2 }, { callId: 'c2' }),
    ];
    const first = stage(
      runs,
      [[{ tool: 'ask', id: 'c1', input: { input: 'pay' } }]],
      new ScriptedModel([[calls[0]!]]),
    );
    const { events, saved } = await runSaved(first);
    expect(ofType(events, 'approval_request')).toMatchObject([
      { call: 'c1', reason: { tool: 'pay', input: { n: 1 } } },
    ]);
    const innerModel = new ScriptedModel([[assistantMessage('Inner is done.')]]);
    const second = stage(runs, [[{ text: 'Outer is done.' }]], innerModel);
    const next = await runTurn(second, { snapshot: saved, answers: answerAll(events, decision) });
    expect(runs).toEqual(ran);
    expect(JSON.stringify(innerModel.calls[0]?.request.input)).toContain(output);
    expect(ofType(next, 'tool_result').filter(({ agent }) => agent === undefined)).toEqual([
      { type: 'tool_result', call: 'c1', output: 'Inner is done.', status: 'ok' },
    ]);
    expect(standingText(next)).toBe('Outer is done.');
    expect(standingText(next, 'ask')).toBe('Inner is done.');
  });

  test('speaks under the name of its tool, and its tools are told', async () => {
    const runs: unknown[] = [];
    const model = new ScriptedModel([
      [assistantMessage('I look.'), functionCall('look', {}, { callId: 'l1' })],
      [assistantMessage('It is green.')],
    ]);
    const agent = adapt(({ onStream }) => {
      const inner = new Agent({ name: 'Inner', model, tools: [noting('look', runs)] });
      const middle = new Agent({
        name: 'Middle',
        model: new ScriptedModel([
          [functionCall('inner', { input: 'x' }, { callId: 'm1' })],
          [assistantMessage('Middle.')],
        ]),
        tools: [inner.asTool({ toolName: 'inner', toolDescription: 'x', onStream })],
      });
      return new Agent({
        name: 'Outer',
        model: scriptedAnswers([[{ tool: 'middle', id: 'c1', input: { input: 'x' } }], [{ text: 'Outer.' }]]),
        tools: [middle.asTool({ toolName: 'middle', toolDescription: 'x', onStream })],
      });
    });
    const events = await runTurn(agent);
    expect(standingText(events)).toBe('Outer.');
    expect(standingText(events, 'middle')).toBe('Middle.');
    expect(standingText(events, 'middle/inner')).toBe('I look.It is green.');
    expect(ofType(events, 'tool_result').map(({ agent: path, output }) => [path, output])).toEqual([
      [['middle', 'inner'], 'look done'],
      [['middle'], 'It is green.'],
      [undefined, 'Middle.'],
    ]);
  });

  test('twice at once does not mix its texts', async () => {
    const agent = adapt(({ onStream }) => {
      const tools = [1, 2].map((n) =>
        new Agent({ name: `I${n}`, model: new ScriptedModel([[assistantMessage(`Text ${n}.`)]]) }).asTool({
          toolName: `ask${n}`,
          toolDescription: 'x',
          onStream,
        }),
      );
      const shared = new Agent({
        name: 'S',
        model: new ScriptedModel([[assistantMessage('One.')], [assistantMessage('Two.')]]),
      }).asTool({ toolName: 'shared', toolDescription: 'x', onStream });
      const calls = ['ask1', 'ask2', 'shared', 'shared'].map((name, index) => ({
        tool: name,
        id: `c${index}`,
        input: { input: 'x' },
      }));
      return new Agent({
        name: 'Outer',
        model: scriptedAnswers([calls, [{ text: 'Done.' }]]),
        tools: [...tools, shared],
      });
    });
    const events = await runTurn(agent);
    const texts = ['ask1', 'ask2', 'shared', 'shared-2'].map((path) => standingText(events, path));
    expect(texts.slice(0, 2)).toEqual(['Text 1.', 'Text 2.']);
    expect(texts.slice(2).toSorted()).toEqual(['One.', 'Two.']);
  });
});

describe('the context of a run', () => {
  test('is the one that the factory gives, also after an approval, and is not saved', async () => {
    const seen: unknown[] = [];
    const circle: Record<string, unknown> = { key: 'sk-secret', live: () => 'live' };
    circle['self'] = circle;
    const stage = (answers: Parameters<typeof scriptedAnswers>[0]) => {
      const look = noting('look', [], true);
      const { invoke } = look;
      look.invoke = (context, ...rest) => {
        seen.push(context.context);
        return invoke(context, ...rest);
      };
      const model = scriptedAnswers(answers);
      return adapt(() => new Agent({ name: 'A', model, tools: [look] }), { context: circle });
    };
    const { events, saved } = await runSaved(stage([[{ tool: 'look', id: 'c1' }]]));
    expect(JSON.stringify(saved)).not.toContain('sk-secret');
    await runTurn(stage([[{ text: 'Done.' }]]), { snapshot: saved, answers: answerAll(events, true) });
    expect(seen).toEqual([circle]);
  });
});

test('without snapshots the conversation comes from the log, and approvals go on', async () => {
  const model = scriptedAnswers([[pay(1)], [{ text: 'Paid.' }], [{ text: 'Bye.' }]]);
  const tools = [noting('pay', [], true)];
  const agent = adapt(() => new Agent({ name: 'A', model, tools }), {}, { snapshots: false });
  const { events, saved } = await runSaved(agent);
  const next = await runSaved(agent, { snapshot: saved, answers: answerAll(events, true) });
  expect([standingText(next.events), next.saved]).toEqual(['Paid.', undefined]);
  await runTurn(agent, { snapshot: saved, history: [sentIn('t0', 'From the log')] });
  expect(
    givenTo(model)
      .at(-1)
      ?.map(({ text }) => text),
  ).toEqual(['From the log', 'Hello']);
});

test('a context of the SDK keeps its value after an approval, and its tokens count once', async () => {
  const seen: unknown[] = [];
  const look = noting('look', [], true);
  const { invoke } = look;
  look.invoke = (context, ...rest) => {
    seen.push(context.context);
    return invoke(context, ...rest);
  };
  const value = { user: 'ann' };
  const model = scriptedAnswers([
    [{ tool: 'look', id: 'c1' }, { usage: [1, 2] }],
    [{ text: 'Done.' }, { usage: [3, 4] }],
  ]);
  const agent = adapt(() => new Agent({ name: 'A', model, tools: [look] }), {
    context: new RunContext(value),
  });
  const { events, saved } = await runSaved(agent);
  const next = await runTurn(agent, { snapshot: saved, answers: answerAll(events, true) });
  expect(seen).toEqual([value]);
  expect(ofType([...events, ...next], 'usage').map(({ usage }) => usage.total_tokens)).toEqual([3, 7]);
});

test('tokens of the turn that asked are not counted again', async () => {
  const model = scriptedAnswers([
    [pay(1), { usage: [10, 5] }],
    [{ text: 'Paid.' }, { usage: [20, 4] }],
  ]);
  const agent = adapt(() => new Agent({ name: 'A', model, tools: [noting('pay', [], true)] }));
  const { events, saved } = await runSaved(agent);
  const next = await runTurn(agent, { snapshot: saved, answers: answerAll(events, true) });
  const sum = ofType(next, 'usage').reduce((all, { usage }) => all + (usage.total_tokens ?? 0), 0);
  expect(sum).toBe(24);
});

test('a remote MCP server that needs an approval asks without a call, and goes on', async () => {
  const request = {
    type: 'hosted_tool_call',
    name: 'mcp_approval_request',
    id: 'mcpr_1',
    status: 'completed',
    arguments: '{"q":1}',
    providerData: {
      type: 'mcp_approval_request',
      id: 'mcpr_1',
      name: 'find',
      server_label: 'docs',
      arguments: '{"q":1}',
    },
  } as const;
  const stage = (outputs: ConstructorParameters<typeof ScriptedModel>[0]) => {
    const model = new ScriptedModel(outputs);
    const tools = [
      hostedMcpTool({ serverLabel: 'docs', serverUrl: 'https://mcp.invalid', requireApproval: 'always' }),
    ];
    return { model, agent: adapt(() => new Agent({ name: 'A', model, tools })) };
  };
  const { events, saved } = await runSaved(stage([[request]]).agent);
  expect(ofType(events, 'tool_use')).toEqual([]);
  expect(ofType(events, 'approval_request')).toMatchObject([{ reason: { tool: 'find', input: { q: 1 } } }]);
  const { model, agent } = stage([[assistantMessage('Found.')]]);
  const next = await runTurn(agent, { snapshot: saved, answers: answerAll(events, true) });
  expect(standingText(next)).toBe('Found.');
  expect(JSON.stringify(model.calls[0]?.request.input)).toContain('mcp_approval_response');
  const other = stage([[assistantMessage('All right.')]]);
  const { events: instead } = await runSaved(other.agent, { snapshot: saved, content: 'Never mind' });
  expect(standingText(instead)).toBe('All right.');
  expect(JSON.stringify(other.model.calls[0]?.request.input)).not.toContain('mcpr_1');
});
