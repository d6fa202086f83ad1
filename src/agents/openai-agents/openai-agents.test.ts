import { Agent, RunState, Runner, Usage, handoff, tool } from '@openai/agents';
import { ScriptedModel, assistantMessage, functionCall } from '@openai/agents/testing';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Agent as HeddleAgent, PartState } from '../../protocol/index.ts';
import { saidIn, sentIn } from '../kit/conversation.fixture.ts';
import { runSaved, runTurn, standingText } from '../kit/run-turn.fixture.ts';
import { isOpenaiAgent, openaiAgents } from './index.ts';
import { adapt, noting, ofType, quietRunner } from './openai-stage.fixture.ts';
import { givenTo, scriptedAnswers } from './scripted-answers.fixture.ts';

const tracingDisabled = true;

describe('what a factory may return', () => {
  const model = (): ReturnType<typeof scriptedAnswers> => scriptedAnswers([[{ text: 'Hello.' }]]);

  test('an agent with its runner and its RunState', async () => {
    const agent = openaiAgents(async () => ({
      agent: new Agent({ name: 'A', model: model() }),
      runner: new Runner({ tracingDisabled }),
      RunState,
    }));
    expect(standingText(await runTurn(agent))).toBe('Hello.');
  });

  test('an agent alone, if the options have the rest', async () => {
    const options = { runner: quietRunner, RunState, onCrash: 'fail', history: 5 } as const;
    const agent = openaiAgents(() => new Agent({ name: 'A', model: model() }), options);
    expect(standingText(await runTurn(agent))).toBe('Hello.');
    expect(agent).toMatchObject({ onCrash: 'fail', history: 5 });
    expect(agent).not.toHaveProperty('runner');
  });

  test('nothing else', async () => {
    // @ts-expect-error It is no function.
    expect(() => openaiAgents(new Agent({ name: 'A' }))).toThrow(/takes a function/);
    const alone = openaiAgents(() => new Agent({ name: 'A', model: model() }));
    await expect(runTurn(alone)).rejects.toThrow(/must return \{ agent, runner, RunState \}/);
    const withMemory = adapt(() => new Agent({ name: 'A', model: model() }), { conversationId: 'c1' });
    await expect(runTurn(withMemory)).rejects.toThrow(/options.conversationId cannot be used/);
  });

  test('an agent is known by its shape', () => {
    expect(isOpenaiAgent(new Agent({ name: 'A' }))).toBe(true);
    expect(isOpenaiAgent(Agent.create({ name: 'A' }))).toBe(true);
    for (const other of [undefined, {}, { name: 'A', tools: [], handoffs: [] }, quietRunner, Agent, () => {}])
      expect(isOpenaiAgent(other)).toBe(false);
  });
});

test('turns may share one agent, which stays as it is', async () => {
  const runs: unknown[] = [];
  const started = vi.fn();
  const answers = [1, 2].flatMap((n) => [[{ tool: 'look', id: `c${n}`, input: { n } }], [{ text: 'Done.' }]]);
  const shared = new Agent({ name: 'A', model: scriptedAnswers(answers), tools: [noting('look', runs)] });
  shared.on('agent_start', started);
  const [tools, keys] = [shared.tools, Object.keys(shared)];
  const agent = adapt(() => shared);
  for (const turn of ['t1', 't2']) expect(standingText(await runTurn(agent, { turn }))).toBe('Done.');
  expect(runs).toEqual([{ n: 1 }, { n: 2 }]);
  expect(started).toHaveBeenCalled();
  expect([shared.tools, Object.keys(shared)]).toEqual([tools, keys]);
});

describe('what a run tells', () => {
  test('the input of a tool as the model writes it', async () => {
    const model = scriptedAnswers([[{ tool: 'look', id: 'c1', input: { at: 'sea' } }], [{ text: 'Done.' }]]);
    const events = await runTurn(adapt(() => new Agent({ name: 'A', model, tools: [noting('look')] })));
    expect(events.map(({ type }) => type)).toEqual([
      'step_start',
      'tool_use_start',
      'tool_use_input',
      'usage',
      'tool_use',
      'tool_result',
      'step_start',
      'content_start',
      'content',
      'content_end',
      'usage',
      'stop',
    ]);
    expect(ofType(events, 'tool_use')).toEqual([
      { type: 'tool_use', call: 'c1', tool: 'look', input: { at: 'sea' } },
    ]);
  });

  test('structured output as a value too, and once in the next prompt', async () => {
    const model = scriptedAnswers([[{ text: '{"city":"Kyoto"}' }], [{ text: '{"city":"Nara"}' }]]);
    const agent = adapt(() => new Agent({ name: 'A', model, outputType: z.object({ city: z.string() }) }));
    const events = await runTurn(agent);
    expect(ofType(events, 'custom')).toEqual([
      { type: 'custom', name: 'structured_output', data: { city: 'Kyoto' } },
    ]);
    const parts: PartState[] = [
      { type: 'text', part: 'p1', text: '{"city":"Kyoto"}', open: false },
      { type: 'custom', name: 'structured_output', data: { city: 'Kyoto' } },
    ];
    await runTurn(agent, { history: [sentIn('t0', 'Where?'), saidIn('t0', parts)] });
    expect(
      givenTo(model)
        .at(-1)
        ?.map(({ text }) => text),
    ).toEqual(['Where?', '{"city":"Kyoto"}', 'Hello']);
  });

  test('the output of a tool as the answer, if the run ends with it', async () => {
    const model = scriptedAnswers([[{ text: 'I look.' }, { tool: 'look', id: 'c1' }]]);
    const events = await runTurn(
      adapt(
        () => new Agent({ name: 'A', model, tools: [noting('look')], toolUseBehavior: 'stop_on_first_tool' }),
      ),
    );
    expect(standingText(events)).toBe('I look.look done');
  });

  test('the answer of an error handler', async () => {
    const model = scriptedAnswers([[{ tool: 'look', id: 'c1' }]]);
    const errorHandlers = { maxTurns: () => ({ finalOutput: 'That was too much.' }) };
    const agent = adapt(() => new Agent({ name: 'A', model, tools: [noting('look')] }), {
      maxTurns: 1,
      errorHandlers,
    });
    expect(standingText(await runTurn(agent))).toBe('That was too much.');
  });

  test('tokens of agents that nobody hears, too', async () => {
    const usage = new Usage({ requests: 1, inputTokens: 100, outputTokens: 10, totalTokens: 110 });
    const answer = { output: [assistantMessage('In.')], usage };
    const inner = new Agent({ name: 'B', model: new ScriptedModel([answer]) });
    const model = scriptedAnswers([
      [{ tool: 'b', id: 'c1', input: { input: 'x' } }, { usage: [1, 2] }],
      [{ text: 'Done.' }, { usage: [3, 4] }],
    ]);
    const tools = [inner.asTool({ toolName: 'b', toolDescription: 'b' })];
    const events = await runTurn(adapt(() => new Agent({ name: 'A', model, tools })));
    const sum = ofType(events, 'usage').reduce((all, { usage }) => all + (usage.total_tokens ?? 0), 0);
    expect(sum).toBe(120);
  });
});

describe('handoffs', () => {
  const stage = (wrap: boolean): HeddleAgent => {
    const model = scriptedAnswers([[{ tool: 'transfer_to_Billing', id: 'h1' }]]);
    const next = scriptedAnswers([
      [{ tool: 'look', id: 'c1' }],
      [{ text: 'Billing.' }],
      [{ text: 'Billing again.' }],
      [{ text: 'Billing from the log.' }],
    ]);
    return adapt(() => {
      const billing = new Agent({ name: 'Billing', model: next, tools: [noting('look')] });
      const triage = new Agent({ name: 'Triage', model, handoffs: [wrap ? handoff(billing) : billing] });
      billing.handoffs.push(triage);
      return triage;
    });
  };

  test.each([false, true])(
    'are told, and the next turn begins with the last agent (wrapped: %s)',
    async (wrap) => {
      const agent = stage(wrap);
      const { events, saved } = await runSaved(agent);
      expect(standingText(events)).toBe('Billing.');
      expect(ofType(events, 'custom')).toEqual([
        { type: 'custom', name: 'handoff', data: { source: 'Triage', target: 'Billing' } },
      ]);
      expect(ofType(events, 'tool_use').map((event) => event.tool)).toEqual(['look']);
      expect(ofType(events, 'tool_use_start')).toHaveLength(1);
      expect(standingText(await runTurn(agent, { snapshot: saved }))).toBe('Billing again.');
      const part: PartState = { type: 'custom', name: 'handoff', data: { target: 'Billing' } };
      const history = [sentIn('t0', 'Hi'), saidIn('t0', [part])];
      expect(standingText(await runTurn(agent, { history }))).toBe('Billing from the log.');
    },
  );

  test('an agent that is a handoff and a tool runs as both', async () => {
    const runs: unknown[] = [];
    const model = scriptedAnswers([
      [{ tool: 'ask', id: 'c1', input: { input: 'x' } }],
      [{ tool: 'transfer_to_Both', id: 'c2' }],
    ]);
    const both = new Agent({
      name: 'Both',
      model: new ScriptedModel([
        [functionCall('look', { as: 'tool' }, { callId: 'i1' })],
        [assistantMessage('Inner.')],
        [functionCall('look', { as: 'handoff' }, { callId: 'i2' })],
        [assistantMessage('Outer.')],
      ]),
      tools: [noting('look', runs)],
    });
    const tools = [both.asTool({ toolName: 'ask', toolDescription: 'ask' })];
    const events = await runTurn(adapt(() => new Agent({ name: 'A', model, tools, handoffs: [both] })));
    expect(standingText(events)).toBe('Outer.');
    expect(runs).toEqual([{ as: 'tool' }, { as: 'handoff' }]);
  });
});

describe('tools', () => {
  test('a tool that needs an approval by its input gets the input as its schema has it', async () => {
    const asked: unknown[] = [];
    const pay = tool({
      name: 'pay',
      description: 'pay',
      parameters: z.object({ sum: z.number().default(7) }),
      needsApproval: async (_context, input) => {
        asked.push(input);
        return false;
      },
      execute: async ({ sum }) => `paid ${sum}`,
    });
    const model = scriptedAnswers([[{ tool: 'pay', id: 'c1' }], [{ text: 'Done.' }]]);
    const events = await runTurn(adapt(() => new Agent({ name: 'A', model, tools: [pay] })));
    expect(ofType(events, 'tool_result')).toMatchObject([{ output: 'paid 7', status: 'ok' }]);
    expect(asked).toEqual([{ sum: 7 }]);
  });

  test("a slow log takes nothing of a tool's time", async () => {
    const quick = tool({
      name: 'quick',
      description: 'quick',
      parameters: z.object({}),
      timeoutMs: 20,
      execute: async () => 'in time',
    });
    const model = scriptedAnswers([[{ tool: 'quick', id: 'c1' }], [{ text: 'Done.' }]]);
    const agent = adapt(() => new Agent({ name: 'A', model, tools: [quick] }));
    const outputs: unknown[] = [];
    const turn = agent.open({ session: 's', owner: 'ann' });
    for await (const event of turn({
      turn: 't1',
      attempt: 1,
      input: { type: 'message', content: 'Hi' },
      signal: new AbortController().signal,
      history: () => [],
      save: () => {},
    })) {
      if (typeof event !== 'string' && event.type === 'tool_result') outputs.push(event.output);
      if (typeof event !== 'string' && event.type === 'tool_use')
        await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(outputs).toEqual(['in time']);
  });

  test('several calls of one answer each have their result', async () => {
    const calls = [1, 2, 3].map((n) => ({ tool: 'look', id: `c${n}`, input: { n } }));
    const model = scriptedAnswers([calls, [{ text: 'Done.' }]]);
    const events = await runTurn(adapt(() => new Agent({ name: 'A', model, tools: [noting('look')] })));
    expect(ofType(events, 'tool_use').map(({ call }) => call)).toEqual(['c1', 'c2', 'c3']);
    expect(
      ofType(events, 'tool_result')
        .map(({ call }) => call)
        .toSorted(),
    ).toEqual(['c1', 'c2', 'c3']);
  });
});

test('an image that a tool returns is in the next prompt', async () => {
  const draw = tool({
    name: 'draw',
    description: 'draw',
    parameters: z.object({}),
    execute: async () => ({
      type: 'image',
      image: { data: new Uint8Array([1, 2, 3]), mediaType: 'image/png' },
    }),
  });
  const model = scriptedAnswers([[{ tool: 'draw', id: 'c1' }], [{ text: 'Here.' }], [{ text: 'Again.' }]]);
  const agent = adapt(() => new Agent({ name: 'A', model, tools: [draw] }));
  const { saved } = await runSaved(agent);
  expect(standingText(await runTurn(agent, { snapshot: saved }))).toBe('Again.');
  expect(JSON.stringify(model.calls.at(-1)?.request.input)).toContain('data:image/png;base64,AQID');
});

test('a file that is no base64 fails its turn, and leaves no empty message for later ones', async () => {
  const odd = [{ type: 'image', media_type: 'image/png', data: 'https://example.com/x.png' }] as const;
  const model = scriptedAnswers([[{ text: 'Hi.' }]]);
  const agent = adapt(() => new Agent({ name: 'A', model }));
  await expect(runTurn(agent, { content: odd })).rejects.toMatchObject({ code: 'unsupported_content' });
  await runTurn(agent, {
    history: [
      sentIn('t0', odd),
      saidIn('t0', [{ type: 'text', part: 'p', text: 'I see nothing.', open: false }]),
    ],
  });
  expect(givenTo(model).at(-1)?.[0]).toEqual({ role: 'user', text: '(a file that could not be read)' });
});
