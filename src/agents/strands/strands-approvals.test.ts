import {
  Agent,
  BeforeToolCallEvent,
  BeforeToolsEvent,
  ExecuteToolStage,
  Graph,
  tool,
} from '@strands-agents/sdk';
import type { AgentConfig } from '@strands-agents/sdk';
import { HumanInTheLoop } from '@strands-agents/sdk/vended-interventions/hitl';
import { handoffToUser } from '@strands-agents/sdk/vended-tools/handoff-to-user';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { strands } from './index.ts';
import { answerAll, runSaved, runTurn, standingText } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';
import type { Said } from './scripted-model.fixture.ts';

/** A shop whose sales need an approval. Each call makes a new one, over the same till. */
const shop = (till: unknown[], answers: readonly (readonly Said[])[], config: AgentConfig = {}) => {
  const pay = tool({
    name: 'pay',
    description: 'Pays',
    inputSchema: z.object({ sum: z.number() }),
    callback: ({ sum }, context) => {
      const decision = context?.interrupt({ name: 'confirm', reason: { sum } });
      if (decision !== true) return `not paid: ${JSON.stringify(decision)}`;
      till.push(sum);
      return `paid ${sum}`;
    },
  });
  const look = tool({
    name: 'look',
    description: 'Looks',
    inputSchema: z.object({}),
    callback: () => {
      till.push('looked');
      return 'seen';
    },
  });
  const model = new ScriptedModel(...answers);
  const agent = strands(() => new Agent({ model, tools: [pay, look], printer: false, ...config }));
  return { agent, model };
};

const pay = (sum: number, id = 'c1'): Said => ({ tool: 'pay', id, input: { sum } });

test('an approval request ends the turn, and the answer continues the same call in a new process', async () => {
  const till: unknown[] = [];
  const first = await runSaved(shop(till, [[{ text: 'I will pay.' }, pay(5)]]).agent);
  expect(first.events.filter(({ type }) => type === 'approval_request')).toEqual([
    {
      type: 'approval_request',
      approval: expect.stringMatching(/^a_\w{16}$/),
      call: 'c1',
      reason: { sum: 5 },
    },
  ]);
  expect(first.events.filter(({ type }) => type === 'tool_result')).toEqual([]);
  expect(first.events.at(-1)).toEqual({ type: 'stop', reason: 'interrupt' });
  expect(till).toEqual([]);

  const { agent, model } = shop(till, [[{ text: 'Paid.' }]]);
  const second = await runTurn(agent, { snapshot: first.saved, answers: answerAll(first.events, true) });
  expect(till).toEqual([5]);
  expect(second.slice(0, 5)).toEqual([
    { type: 'step_start' },
    { type: 'tool_use_start', call: 'c1', tool: 'pay' },
    { type: 'tool_use', call: 'c1', tool: 'pay', input: { sum: 5 } },
    { type: 'tool_result', call: 'c1', output: 'paid 5', status: 'ok' },
    { type: 'step_end' },
  ]);
  // The text from before the approval is not said again.
  expect(standingText(second)).toBe('Paid.');
  expect(model.calls).toEqual([
    [
      { role: 'user', content: [{ text: 'Hello' }] },
      {
        role: 'assistant',
        content: [{ text: 'I will pay.' }, { toolUse: { name: 'pay', toolUseId: 'c1', input: { sum: 5 } } }],
      },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 'c1', status: 'success', content: [{ text: 'paid 5' }] } }],
      },
    ],
  ]);
});

test.each([[false], [null], [undefined], [{ because: 'too much' }], ['no']])(
  'the tool gets the decision %j unchanged, or null if there is none',
  async (decision) => {
    const till: unknown[] = [];
    const first = await runSaved(shop(till, [[pay(5)]]).agent);
    const { agent } = shop(till, [[{ text: 'All right.' }]]);
    const second = await runTurn(agent, {
      snapshot: first.saved,
      answers: answerAll(first.events, decision),
    });
    const output = `not paid: ${JSON.stringify(decision ?? null)}`;
    expect(second).toContainEqual({ type: 'tool_result', call: 'c1', output, status: 'ok' });
    expect(till).toEqual([]);
  },
);

test.each(['concurrent', 'sequential'] as const)(
  'two calls that need an approval are both asked for, with %s tools, and what ran already does not run again',
  async (toolExecutor) => {
    const till: unknown[] = [];
    const answers = [[{ tool: 'look', id: 'c0' }, pay(1, 'c1'), pay(2, 'c2')], [{ text: 'Done.' }]];
    let turn = await runSaved(shop(till, answers, { toolExecutor }).agent);
    expect(turn.events).toContainEqual({ type: 'tool_result', call: 'c0', output: 'seen', status: 'ok' });
    const asked = [...answerAll(turn.events, true)];
    const told: unknown[] = [];
    while (answerAll(turn.events, true).length > 0) {
      const { agent } = shop(till, [[{ text: 'Done.' }]], { toolExecutor });
      turn = await runSaved(agent, { snapshot: turn.saved, answers: answerAll(turn.events, true) });
      asked.push(...answerAll(turn.events, true));
      told.push(...turn.events.filter(({ type }) => type === 'tool_result'));
    }
    expect(asked.map(({ call }) => call)).toEqual(['c1', 'c2']);
    expect(told).toMatchObject([
      { call: 'c1', output: 'paid 1' },
      { call: 'c2', output: 'paid 2' },
    ]);
    expect(standingText(turn.events)).toBe('Done.');
    expect(till).toEqual(['looked', 1, 2]);
  },
);

test('one of two is approved and the other denied', async () => {
  const till: unknown[] = [];
  const first = await runSaved(shop(till, [[pay(1, 'c1'), pay(2, 'c2')]]).agent);
  const answers = answerAll(first.events, true).map((answer) => ({
    ...answer,
    decision: answer.call === 'c2',
  }));
  const second = await runTurn(shop(till, [[{ text: 'Done.' }]]).agent, { snapshot: first.saved, answers });
  expect(till).toEqual([2]);
  expect(second.filter(({ type }) => type === 'tool_result')).toMatchObject([
    { call: 'c1', output: 'not paid: false' },
    { call: 'c2', output: 'paid 2' },
  ]);
});

test('after one answer the agent may ask again, in the same tool and for a later call', async () => {
  const made = (answers: readonly (readonly Said[])[]) => {
    const twice = tool({
      name: 'twice',
      description: 'Asks twice',
      inputSchema: z.object({}),
      callback: (_input, context) => {
        const first: unknown = context?.interrupt({ name: 'first' });
        const second: unknown = context?.interrupt({ name: 'second' });
        return `${String(first)} and ${String(second)}`;
      },
    });
    return strands(() => new Agent({ model: new ScriptedModel(...answers), tools: [twice], printer: false }));
  };
  // The provider counts its ids from c1 again, so the SDK's name of the interrupt is the same each time.
  const again: readonly Said[] = [{ tool: 'twice', id: 'c1' }];
  const first = await runSaved(made([again]));
  const second = await runSaved(made([again]), {
    snapshot: first.saved,
    answers: answerAll(first.events, 'a'),
  });
  const third = await runSaved(made([again]), {
    snapshot: second.saved,
    answers: answerAll(second.events, 'b'),
  });
  const asked = [first, second, third].flatMap(({ events }) => answerAll(events, ''));
  expect(asked.map(({ call, reason }) => [call, reason])).toEqual([
    ['c1', 'first'],
    ['c1', 'second'],
    ['c1-2', 'first'],
  ]);
  expect(new Set(asked.map(({ approval }) => approval)).size).toBe(3);
  expect(third.events).toContainEqual({ type: 'tool_result', call: 'c1', output: 'a and b', status: 'ok' });
});

test('the prompt, tools and model of the code are used, not those from when the agent asked', async () => {
  const till: unknown[] = [];
  const first = await runSaved(shop(till, [[pay(5)]], { systemPrompt: 'Old.' }).agent);
  expect(JSON.stringify(first.saved)).not.toContain('Old.');
  // As if another program had put it there.
  const tampered = JSON.stringify(first.saved).replace('"data":{', '"data":{"systemPrompt":"Old.",');
  expect(tampered).toContain('Old.');
  let seen: unknown;
  const model = new ScriptedModel([{ text: 'Done.' }]);
  const made = new Agent({ model, tools: [], systemPrompt: 'New.', printer: false });
  const second = await runTurn(
    strands(() => {
      made.addHook(BeforeToolsEvent, (event) => {
        seen = event.agent.systemPrompt;
      });
      return made;
    }),
    { snapshot: JSON.parse(tampered), answers: answerAll(first.events, true) },
  );
  expect(seen).toBe('New.');
  expect(second).toContainEqual({
    type: 'tool_result',
    call: 'c1',
    output: "Tool 'pay' not found in registry",
    status: 'error',
  });
});

test.each([
  ['nothing was saved', undefined],
  ['it is of another version', { version: 2, messages: [], waiting: {} }],
  ['the turn did not ask', { version: 1, messages: [] }],
  [
    'the SDK cannot read it',
    { version: 1, messages: [], waiting: { run: { scope: 'x' }, interrupts: [['a', 'i']], calls: [] } },
  ],
  [
    'it asked something else',
    { version: 1, messages: [], waiting: { run: {}, interrupts: [['b', 'i']], calls: [] } },
  ],
])('an answer fails as approval_lost if %s, and the model is not called', async (_why, snapshot) => {
  const { agent, model } = shop([], [[{ text: 'never' }]]);
  const answers = [{ approval: 'a', reason: '', decision: true }];
  await expect(runTurn(agent, { snapshot, answers })).rejects.toMatchObject({
    name: 'AgentError',
    code: 'approval_lost',
  });
  expect(model.calls).toEqual([]);
});

test('an answer to something else fails as approval_lost', async () => {
  const till: unknown[] = [];
  const first = await runSaved(shop(till, [[pay(5)]]).agent);
  const answers = [{ approval: 'a_other', reason: '', decision: true }];
  const { agent } = shop(till, [[{ text: 'never' }]]);
  await expect(runTurn(agent, { snapshot: first.saved, answers })).rejects.toMatchObject({
    code: 'approval_lost',
  });
});

test('a message instead of an answer ends the waiting call, and the agent is told', async () => {
  const till: unknown[] = [];
  const first = await runSaved(shop(till, [[{ tool: 'look', id: 'c0' }, pay(5)]]).agent);
  const { agent, model } = shop(till, [[{ text: 'As you like.' }]]);
  await runTurn(agent, { snapshot: first.saved, content: 'Never mind.' });
  expect(till).toEqual(['looked']);
  expect(model.calls[0]?.slice(1)).toMatchObject([
    { role: 'assistant', content: [{ toolUse: { toolUseId: 'c0' } }, { toolUse: { toolUseId: 'c1' } }] },
    {
      role: 'user',
      content: [
        { toolResult: { toolUseId: 'c0', status: 'success', content: [{ text: 'seen' }] } },
        {
          toolResult: {
            toolUseId: 'c1',
            status: 'error',
            content: [{ text: expect.stringMatching(/nobody gave/) }],
          },
        },
        { text: 'Never mind.' },
      ],
    },
  ]);
});

test('approvals work with snapshots switched off, and other turns then save nothing', async () => {
  const made = (...answers: readonly (readonly Said[])[]) =>
    strands(
      () => new Agent({ model: new ScriptedModel(...answers), tools: [handoffToUser], printer: false }),
      {
        snapshots: false,
      },
    );
  const first = await runSaved(
    made([{ tool: 'handoff_to_user', id: 'c1', input: { message: 'Which one?' } }]),
  );
  expect(first.events).toContainEqual(
    expect.objectContaining({ type: 'approval_request', reason: 'Which one?' }),
  );
  const second = await runSaved(made([{ text: 'Good.' }]), {
    snapshot: first.saved,
    answers: answerAll(first.events, 'The blue one.'),
  });
  expect(second.events).toContainEqual({
    type: 'tool_result',
    call: 'c1',
    output: 'The blue one.',
    status: 'ok',
  });
  expect(second.saved).toBeUndefined();
});

test.each([
  [true, 'paid', 'ok', [5]],
  ['yes', 'paid', 'ok', [5]],
  [false, 'CONFIRMATION_FAILED', 'error', []],
] as const)(
  'the SDK’s own human in the loop takes the decision %j',
  async (decision, output, status, paid) => {
    const till: unknown[] = [];
    const made = (...answers: readonly (readonly Said[])[]) => {
      const sell = tool({
        name: 'sell',
        description: 'Sells',
        inputSchema: z.object({}),
        callback: () => {
          till.push(5);
          return 'paid';
        },
      });
      const model = new ScriptedModel(...answers);
      const interventions = [new HumanInTheLoop()];
      return strands(() => new Agent({ model, tools: [sell], interventions, printer: false }));
    };
    const first = await runSaved(made([{ tool: 'sell', id: 'c1' }]));
    expect(answerAll(first.events, true)).toMatchObject([
      { call: 'c1', reason: expect.stringMatching(/^Approve "sell"/) },
    ]);
    expect(till).toEqual([]);
    const second = await runTurn(made([{ text: 'Done.' }]), {
      snapshot: first.saved,
      answers: answerAll(first.events, decision),
    });
    expect(till).toEqual(paid);
    expect(second).toContainEqual(
      expect.objectContaining({
        type: 'tool_result',
        call: 'c1',
        status,
        output: expect.stringContaining(output),
      }),
    );
    expect(standingText(second)).toBe('Done.');
  },
);

test.each(['hook before the call', 'hook before the tools', 'middleware around the call'])(
  'a %s may ask, too',
  async (where) => {
    const till: unknown[] = [];
    const made = (...answers: readonly (readonly Said[])[]) => {
      const model = new ScriptedModel(...answers);
      const look = tool({
        name: 'look',
        description: 'Looks',
        inputSchema: z.object({}),
        callback: () => {
          till.push('looked');
          return 'seen';
        },
      });
      const agent = strands(() => {
        const inner = new Agent({ model, tools: [look], printer: false });
        const params = { name: 'gate', reason: 'May I?' };
        if (where === 'hook before the call')
          inner.addHook(BeforeToolCallEvent, (event) => void event.interrupt(params));
        if (where === 'hook before the tools')
          inner.addHook(BeforeToolsEvent, (event) => void event.interrupt(params));
        if (where === 'middleware around the call')
          inner.addMiddleware(ExecuteToolStage, async function* (context, next) {
            context.interrupt(params);
            return yield* next(context);
          });
        return inner;
      });
      return { agent, model };
    };
    const use: readonly Said[] = [{ tool: 'look', id: 'c1' }];
    const done: readonly Said[] = [{ text: 'Done.' }];
    const history = [
      { role: 'user', message: 'm', turn: 't', at: 0, content: 'Earlier', status: 'started' },
    ] as const;
    const first = await runSaved(made(use).agent, { history });
    expect(answerAll(first.events, true)).toMatchObject([{ reason: 'May I?' }]);
    expect(till).toEqual([]);
    const answers = answerAll(first.events, true);
    const fresh = made(done);
    const second = await runTurn(fresh.agent, { snapshot: first.saved, answers });
    expect(till).toEqual(['looked']);
    expect(second).toContainEqual({ type: 'tool_result', call: 'c1', output: 'seen', status: 'ok' });
    expect(standingText(second)).toBe('Done.');
    expect(fresh.model.calls[0]?.[0]).toEqual({
      role: 'user',
      content: [{ text: 'Earlier' }, { text: 'Hello' }],
    });
  },
);

test('two calls under the SDK’s own human in the loop are both asked for', async () => {
  const till: unknown[] = [];
  const config = () => ({ interventions: [new HumanInTheLoop({ allowedTools: ['pay'] })] });
  const looks = [
    { tool: 'look', id: 'c1' },
    { tool: 'look', id: 'c2' },
  ];
  const first = await runSaved(shop(till, [looks], config()).agent);
  const answers = answerAll(first.events, true);
  expect(answers.map(({ call }) => call)).toEqual(['c1', 'c2']);
  const { agent } = shop(till, [[{ text: 'Done.' }]], config());
  await runTurn(agent, { snapshot: first.saved, answers });
  expect(till).toEqual(['looked', 'looked']);
});

test('if middleware asks for two calls, the approvals come in turn, because the SDK keeps only one', async () => {
  const till: unknown[] = [];
  const made = (...answers: readonly (readonly Said[])[]) => {
    const look = tool({
      name: 'look',
      description: 'Looks',
      inputSchema: z.object({}),
      callback: () => {
        till.push('looked');
        return 'seen';
      },
    });
    return strands(() => {
      const inner = new Agent({ model: new ScriptedModel(...answers), tools: [look], printer: false });
      inner.addMiddleware(ExecuteToolStage, async function* (context, next) {
        context.interrupt({ name: 'gate' });
        return yield* next(context);
      });
      return inner;
    });
  };
  let turn = await runSaved(
    made([
      { tool: 'look', id: 'c1' },
      { tool: 'look', id: 'c2' },
    ]),
  );
  const asked: unknown[] = [];
  for (
    let answers = answerAll(turn.events, true);
    answers.length > 0;
    answers = answerAll(turn.events, true)
  ) {
    asked.push(...answers.map(({ call }) => call));
    turn = await runSaved(made([{ text: 'Done.' }]), { snapshot: turn.saved, answers });
  }
  expect(asked.toSorted()).toEqual(['c1', 'c2']);
  expect(till).toEqual(['looked', 'looked']);
  expect(standingText(turn.events)).toBe('Done.');
});

test('a call keeps its reported name if its provider uses an id twice', async () => {
  const till: unknown[] = [];
  const first = await runSaved(shop(till, [[{ tool: 'look', id: 'call_0' }], [pay(5, 'call_0')]]).agent);
  const answers = answerAll(first.events, true);
  expect(answers).toMatchObject([{ call: 'call_0-2' }]);
  const again: readonly Said[] = [{ tool: 'look', id: 'call_0' }];
  const { agent } = shop(till, [again, [{ text: 'Done.' }]]);
  const second = await runTurn(agent, { snapshot: first.saved, answers });
  expect(second.filter(({ type }) => type === 'tool_result')).toMatchObject([
    { call: 'call_0-2', output: 'paid 5' },
    { call: 'call_0', output: 'seen' },
  ]);
});

test('a delegate that asks makes the turn fail, too', async () => {
  const agent = strands(() => {
    const model = new ScriptedModel([{ tool: 'handoff_to_user', id: 'c1', input: { message: 'Which?' } }]);
    const expert = new Agent({ name: 'expert', model, tools: [handoffToUser], printer: false });
    const outer = new ScriptedModel([{ tool: 'expert', id: 'o1', input: { input: 'go' } }]);
    return new Agent({ model: outer, tools: [expert.asTool({ delegate: true })], printer: false });
  });
  await expect(runTurn(agent)).rejects.toMatchObject({ code: 'approval_unsupported' });
});

test('an agent used as a tool that asks makes the turn fail, because it could not be answered', async () => {
  const till: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const agent = strands(() => {
    const ask = tool({
      name: 'ask',
      description: 'Asks',
      inputSchema: z.object({}),
      callback: (_input, context) => context?.interrupt({ name: 'confirm' }) ?? 'never',
    });
    const model = new ScriptedModel([{ tool: 'ask', id: 'c1' }]);
    const helper = new Agent({ name: 'helper', model, tools: [ask], printer: false });
    const slow = tool({
      name: 'slow',
      description: 'Waits until it is told to stop',
      inputSchema: z.object({}),
      callback: async (_input, context) => {
        const stopped = Promise.withResolvers<void>();
        context?.cancelSignal.addEventListener('abort', () => stopped.resolve());
        await stopped.promise;
        gate.resolve();
        return 'stopped';
      },
    });
    const outer = new ScriptedModel(
      [
        { tool: 'helper', id: 'o1', input: { input: 'go' } },
        { tool: 'slow', id: 'o2' },
      ],
      () => {
        till.push('the model went on as if all were well');
        return [{ text: 'Paid!' }];
      },
    );
    return new Agent({ model: outer, tools: [helper, slow], printer: false });
  });
  await expect(runTurn(agent)).rejects.toMatchObject({ name: 'AgentError', code: 'approval_unsupported' });
  // The other calls of the turn are told to stop.
  await gate.promise;
  expect(till).toEqual([]);
});

test('a graph whose agent asks makes the turn fail', async () => {
  const agent = strands(() => {
    const model = new ScriptedModel([{ tool: 'handoff_to_user', id: 'c1', input: { message: 'Which?' } }]);
    const node = new Agent({ id: 'node', model, tools: [handoffToUser], printer: false });
    return new Graph({ nodes: [node], edges: [], maxSteps: 4 });
  });
  await expect(runTurn(agent)).rejects.toMatchObject({ code: 'approval_unsupported' });
});

test('a turn cancelled at the moment of asking asks nothing and saves nothing', async () => {
  const cancel = new AbortController();
  const ask = tool({
    name: 'ask',
    description: 'Asks',
    inputSchema: z.object({}),
    callback: (_input, context) => {
      cancel.abort();
      return context?.interrupt({ name: 'confirm' }) ?? 'never';
    },
  });
  const model = new ScriptedModel([{ tool: 'ask', id: 'c1' }]);
  const agent = strands(() => new Agent({ model, tools: [ask], printer: false }));
  const { events, saved } = await runSaved(agent, { signal: cancel.signal });
  expect(events.filter(({ type }) => type === 'approval_request')).toEqual([]);
  expect(events).toContainEqual({ type: 'tool_use', call: 'c1', tool: 'ask', input: {} });
  expect(saved).toBeUndefined();
});
