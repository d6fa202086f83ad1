import { ToolLoopAgent } from 'ai';
import { ToolLoopAgent as ToolLoopAgent6 } from 'ai6';
import { describe, expect, test } from 'vitest';
import { answerAll, runSaved, runTurn } from '../kit/run-turn.fixture.ts';
import { aiSdkAgent, isAiSdkAgent } from './index.ts';
import type { AiSdkCall, AiSdkContext } from './index.ts';
import { stageAgent, versions } from './staged-agent.fixture.ts';

const pause = () => new Promise((resolve) => setImmediate(resolve));

describe.each(versions)('version %i:', (version) => {
  const answers = [
    [
      { tool: 'look', id: 'c1', input: { n: 1 } },
      { tool: 'look', id: 'c1', input: { n: 2 } },
      { tool: 'look', id: 'c2', input: { n: 3 } },
    ],
    [{ tool: 'look', id: 'c1', input: { n: 4 } }],
    [{ text: 'Done.' }],
  ];

  test.each(['agent', 'text'] as const)('%s: each tool waits until its own call was taken', async (form) => {
    const ran: unknown[] = [];
    const look = { execute: (input: unknown) => ran.push(input) };
    const { agent } = stageAgent(version, { answers, tools: { look }, form });
    const turn = agent.open({ session: 's', owner: 'ada' })({
      turn: 't1',
      attempt: 1,
      input: { type: 'message', content: 'Look' },
      signal: new AbortController().signal,
      history: () => [],
      save: () => {},
    });
    const told: unknown[] = [];
    for await (const event of turn) {
      if (typeof event === 'string' || event.type !== 'tool_use') continue;
      told.push(event.input);
      await pause();
      // All that ran was told before, and the engine asked for more.
      expect(told.slice(0, -1)).toEqual(expect.arrayContaining(ran));
    }
    expect(ran).toHaveLength(4);
  });

  test('a cancel while a tool waits at the gate keeps it from running', async () => {
    const ran: unknown[] = [];
    const cancel = new AbortController();
    const look = { execute: (input: unknown) => ran.push(input) };
    const { agent } = stageAgent(version, { answers, tools: { look } });
    await runTurn(agent, {
      signal: cancel.signal,
      onEvent: ({ type }) => type === 'tool_use' && cancel.abort(),
    });
    await pause();
    expect(ran).toEqual([]);
  });

  test('a cancel ends the turn though a tool ignores it, and one that waits for the log never runs', async () => {
    const ran: unknown[] = [];
    const ignores = () => new Promise<never>(() => {});
    for (const last of ['tool_use', 'tool_progress']) {
      const cancel = new AbortController();
      const { agent } = stageAgent(version, {
        answers: [
          [
            { tool: 'stuck', id: 'c1' },
            { tool: 'look', id: 'c2' },
          ],
        ],
        tools: {
          stuck: {
            async *execute() {
              yield 'on it';
              await ignores();
            },
          },
          look: { execute: last === 'tool_use' ? (input) => ran.push(input) : ignores },
        },
      });
      // Nothing but the cancel ends it.
      await runTurn(agent, {
        signal: cancel.signal,
        onEvent: ({ type }) => type === last && cancel.abort(),
      });
    }
    await pause();
    expect(ran).toEqual([]);
  });

  test('a turn that is left at a call keeps its tool from running', async () => {
    const ran: unknown[] = [];
    let signal: AbortSignal | undefined;
    const { agent } = stageAgent(version, {
      answers,
      tools: { look: { execute: (input: unknown) => ran.push(input) } },
      onContext: ({ call }) => (signal = call.abortSignal),
    });
    const left = runTurn(agent, {
      onEvent: ({ type }) => {
        if (type === 'tool_use') throw new Error('left');
      },
    });
    await expect(left).rejects.toThrow('left');
    await pause();
    expect(ran).toEqual([]);
    expect(signal?.aborted).toBe(true);
  });

  test('without the gate the turn fails with a sentence, except where no attempt is made again', async () => {
    const look = { execute: () => 'green' };
    const { factory } = stageAgent(version, { answers, tools: { look }, form: 'text' });
    const open = async (): Promise<void> => {};
    const loose = (call: AiSdkCall): AiSdkCall => ({
      ...call,
      onToolExecutionStart: open,
      experimental_onToolCallStart: open,
    });
    const without = (options: object) =>
      aiSdkAgent((context) => factory({ ...context, call: loose(context.call) }), options);
    await expect(runTurn(without({}))).rejects.toThrow(/did not wait for the log/);
    const { factory: other } = stageAgent(version, { answers, tools: { look }, form: 'text' });
    const failing = aiSdkAgent((context) => other({ ...context, call: loose(context.call) }), {
      onCrash: 'fail',
    });
    expect((await runTurn(failing)).at(-1)).toEqual({ type: 'stop', reason: 'stop' });
  });

  test('a call to the model ends when its turn is left at a call that goes on', async () => {
    const pay = { needsApproval: true, execute: () => 'paid' };
    const stage = (onContext?: (context: AiSdkContext) => void) =>
      stageAgent(version, {
        answers: [[{ tool: 'pay', id: 'c1' }]],
        tools: { pay },
        form: 'text',
        ...(onContext && { onContext }),
      });
    const { events, saved } = await runSaved(stage().agent);
    let signal: AbortSignal | undefined;
    const { agent } = stage(({ call }) => (signal = call.abortSignal));
    const left = runTurn(agent, {
      snapshot: saved,
      answers: answerAll(events, true),
      onEvent: () => {
        throw new Error('left');
      },
    });
    await expect(left).rejects.toThrow('left');
    expect(signal?.aborted).toBe(true);
  });

  test('a prepareCall() that drops what it gets is found out where it matters', async () => {
    const settings = {
      prepareCall: ({ model, tools, messages }: object & Record<string, unknown>) => ({
        model,
        tools,
        messages,
      }),
    };
    const { agent } = stageAgent(version, { answers, tools: { look: { execute: () => 'green' } }, settings });
    // Version 7 does not pass the callback through it.
    if (version === 7) expect((await runTurn(agent)).map(({ type }) => type)).toContain('tool_result');
    else await expect(runTurn(agent)).rejects.toThrow(/did not wait for the log/);
  });

  test('agents and results are recognised by their shape', async () => {
    const { factory } = stageAgent(version, { answers: [[{ text: 'Hi' }]], form: 'text' });
    const agent = aiSdkAgent((context) => {
      const result = factory(context);
      expect(isAiSdkAgent(result)).toBe(true);
      return result;
    });
    await runTurn(agent);
    const model = 'any';
    expect(isAiSdkAgent(version === 7 ? new ToolLoopAgent({ model }) : new ToolLoopAgent6({ model }))).toBe(
      true,
    );
  });
});

test("the user's own callbacks are called too", async () => {
  const called: string[] = [];
  const note = (name: string) => () => void called.push(name);
  const { agent } = stageAgent(7, {
    answers: [[{ tool: 'look', id: 'c1' }], [{ text: 'Done.' }]],
    tools: { look: { execute: () => 'green' } },
    settings: { onToolExecutionStart: note('start'), onStepEnd: note('step'), onEnd: note('end') },
  });
  await runTurn(agent);
  expect(called).toEqual(['start', 'step', 'step', 'end']);
});

test.each([
  undefined,
  'text',
  { stream: 1 },
  { stream: () => {} },
  { version: 'agent-v1' },
  { fullStream: [] },
  async function* () {},
])('%o is none', (value) => {
  expect(isAiSdkAgent(value)).toBe(false);
});
