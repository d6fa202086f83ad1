import {
  AfterToolsEvent,
  Agent,
  BeforeInvocationEvent,
  BeforeModelCallEvent,
  ConstantBackoff,
  DefaultModelRetryStrategy,
  InvokeModelStage,
  Message,
  ModelThrottledError,
  TextBlock,
  tool,
} from '@strands-agents/sdk';
import type { AgentConfig } from '@strands-agents/sdk';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { strands } from './index.ts';
import { runTurn, standingText } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';
import type { Said } from './scripted-model.fixture.ts';

const add = tool({
  name: 'add',
  description: 'Adds',
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  callback: ({ a, b }) => a + b,
});

const use = (a: number): Said => ({ tool: 'add', id: 'call_0', input: { a, b: 0 } });

const agentOf = (answers: readonly (readonly Said[])[], config: AgentConfig = {}) =>
  strands(() => new Agent({ model: new ScriptedModel(...answers), printer: false, ...config }));

test('text, reasoning and a tool call with streamed input come as events in order', async () => {
  const agent = agentOf(
    [
      [
        { reasoning: 'I must add.' },
        { text: 'Let me see.' },
        { tool: 'add', id: 'c1', input: { a: 1, b: 2 } },
        { usage: [10, 5] },
      ],
      [{ text: 'It is 3.' }, { usage: [20, 4] }],
    ],
    { tools: [add] },
  );
  const events = await runTurn(agent);
  expect(events).toEqual([
    { type: 'step_start' },
    { type: 'reasoning_start' },
    ...['I ', 'must ', 'add.'].map((data) => ({ type: 'reasoning', data })),
    { type: 'reasoning_end' },
    { type: 'content_start' },
    ...['Let ', 'me ', 'see.'].map((data) => ({ type: 'content', data })),
    { type: 'content_end' },
    { type: 'tool_use_start', call: 'c1', tool: 'add' },
    ...['{"a":1', ',"b":2', '}'].map((data) => ({ type: 'tool_use_input', call: 'c1', data })),
    { type: 'tool_use', call: 'c1', tool: 'add', input: { a: 1, b: 2 } },
    { type: 'usage', usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 } },
    { type: 'tool_result', call: 'c1', output: '3', status: 'ok' },
    { type: 'step_end' },
    { type: 'step_start' },
    { type: 'content_start' },
    ...['It ', 'is ', '3.'].map((data) => ({ type: 'content', data })),
    { type: 'content_end' },
    { type: 'usage', usage: { input_tokens: 20, output_tokens: 4, total_tokens: 24 } },
    { type: 'step_end' },
    { type: 'stop', reason: 'end_turn' },
  ]);
});

test('the progress of parallel tools is reported for the right call', async () => {
  const gates = new Map([
    ['x', Promise.withResolvers<void>()],
    ['y', Promise.withResolvers<void>()],
  ]);
  const crawl = tool({
    name: 'crawl',
    description: 'Crawls',
    inputSchema: z.object({ site: z.string() }),
    async *callback({ site }) {
      yield `${site} 1`;
      // Each call waits until the other has reported its first progress, so they overlap for certain.
      gates.get(site)?.resolve();
      await Promise.all([...gates.values()].map(({ promise }) => promise));
      yield `${site} 2`;
      return `${site} done`;
    },
  });
  const answers: readonly (readonly Said[])[] = [
    [
      { tool: 'crawl', id: 'c1', input: { site: 'x' } },
      { tool: 'crawl', id: 'c2', input: { site: 'y' } },
    ],
    [{ text: 'Done.' }],
  ];
  const events = await runTurn(agentOf(answers, { tools: [crawl] }));
  const told = events.filter(({ type }) => type === 'tool_progress');
  expect(told).toHaveLength(4);
  for (const [call, site] of [
    ['c1', 'x'],
    ['c2', 'y'],
  ]) {
    const own = told.filter((event) => 'call' in event && event.call === call);
    expect(own).toMatchObject([{ data: `${site} 1` }, { data: `${site} 2` }]);
    expect(events).toContainEqual({ type: 'tool_result', call, output: `${site} done`, status: 'ok' });
  }
});

test('a tool that throws ends its call with an error and the turn goes on', async () => {
  const broken = tool({
    name: 'broken',
    description: 'Breaks',
    inputSchema: z.object({}),
    callback: (): string => {
      throw new Error('out of order');
    },
  });
  const events = await runTurn(
    agentOf([[{ tool: 'broken', id: 'c1' }], [{ text: 'Sorry.' }]], { tools: [broken] }),
  );
  expect(events).toContainEqual({
    type: 'tool_result',
    call: 'c1',
    output: 'Error: out of order',
    status: 'error',
  });
  expect(standingText(events)).toBe('Sorry.');
});

test('a provider that uses a call id twice yields two calls', async () => {
  const events = await runTurn(agentOf([[use(1)], [use(2)], [{ text: 'ok' }]], { tools: [add] }));
  expect(events.filter(({ type }) => type === 'tool_result')).toMatchObject([
    { call: 'call_0', output: '1' },
    { call: 'call_0-2', output: '2' },
  ]);
});

test('the text of a model call that is retried is discarded', async () => {
  const events = await runTurn(
    agentOf(
      [
        [
          { text: 'The answer is' },
          { tool: 'add', id: 'c1' },
          { fail: new ModelThrottledError('slow down') },
        ],
        [{ text: 'The answer is 42.' }],
      ],
      {
        tools: [add],
        retryStrategy: new DefaultModelRetryStrategy({ backoff: new ConstantBackoff({ delayMs: 0 }) }),
      },
    ),
  );
  expect(events.filter(({ type }) => type === 'discard')).toEqual([{ type: 'discard' }]);
  expect(events).toContainEqual({ type: 'tool_result', call: 'c1', output: null, status: 'cancelled' });
  expect(standingText(events)).toBe('The answer is 42.');
});

test('a guardrail replaces what was said', async () => {
  const events = await runTurn(agentOf([[{ text: 'A secret.' }, { redact: '[removed]' }]]));
  expect(events).toContainEqual({ type: 'replace', data: '[removed]' });
  expect(standingText(events)).toBe('[removed]');
});

test('a guardrail discards reasoning too', async () => {
  const events = await runTurn(
    agentOf([[{ reasoning: 'The secret is x.' }, { text: 'A secret.' }, { redact: '[removed]' }]]),
  );
  expect(events).toContainEqual({ type: 'discard' });
  expect(standingText(events)).toBe('[removed]');
});

test('structured output discards prose and arrives as a whole', async () => {
  const events = await runTurn(
    agentOf([[{ text: 'Some prose.' }], [{ tool: 'strands_structured_output', id: 'c1', input: { n: 3 } }]], {
      structuredOutputSchema: z.object({ n: z.number() }),
    }),
  );
  expect(standingText(events)).toBe('');
  expect(events).toContainEqual({ type: 'custom', name: 'structured_output', data: { n: 3 } });
  expect(events.filter(({ type }) => type.startsWith('tool_'))).toEqual([]);
});

test.each([
  ['before the turn', BeforeInvocationEvent],
  ['before the model call', BeforeModelCallEvent],
] as const)('what a hook says in the place of the model, %s, is said', async (_when, event) => {
  const agent = strands(() => {
    const made = new Agent({ model: new ScriptedModel([{ text: 'never' }]), printer: false });
    made.addHook<BeforeInvocationEvent | BeforeModelCallEvent>(event, (each) => {
      each.cancel = 'Not today.';
    });
    return made;
  });
  const history = [
    { role: 'user', message: 'm', turn: 't0', at: 0, content: 'Hi', status: 'started' },
    {
      role: 'agent',
      turn: 't0',
      message: 'm',
      at: 0,
      attempt: 1,
      openSteps: [],
      outcome: 'completed',
      parts: [{ type: 'text', part: 'p', text: 'An old answer.', open: false }],
    },
  ] as const;
  expect(standingText(await runTurn(agent, { history }))).toBe('Not today.');
});

test('text from a hook after the tools is reported', async () => {
  const agent = strands(() => {
    const model = new ScriptedModel([{ tool: 'add', id: 'c1', input: { a: 1, b: 2 } }]);
    const made = new Agent({ model, tools: [add], printer: false });
    made.addHook(AfterToolsEvent, (event) => {
      event.endTurn = 'That is enough.';
    });
    return made;
  });
  expect(standingText(await runTurn(agent))).toBe('That is enough.');
});

test('a changed answer from a middleware replaces the original', async () => {
  const agent = strands(() => {
    const made = new Agent({ model: new ScriptedModel([{ text: 'Call 555-1234.' }]), printer: false });
    made.addMiddleware(InvokeModelStage.Output, ({ result }) => {
      const message = new Message({ role: 'assistant', content: [new TextBlock('Call [number].')] });
      return { result: { ...result, message } };
    });
    return made;
  });
  expect(standingText(await runTurn(agent))).toBe('Call [number].');
});

test('if the executor cannot be observed, the progress of parallel tools is reported without a call', async () => {
  const tick = tool({
    name: 'tick',
    description: 'Ticks',
    inputSchema: z.object({}),
    async *callback() {
      yield 'tick';
      return 'done';
    },
  });
  const agent = strands(() => {
    const model = new ScriptedModel(
      [
        { tool: 'tick', id: 'c1' },
        { tool: 'tick', id: 'c2' },
      ],
      [{ tool: 'tick', id: 'c3' }],
      [{ text: 'Done.' }],
    );
    const hidden = new Agent({ model, tools: [tick], printer: false });
    // An object that has only what is required of an agent.
    return { messages: hidden.messages, stream: hidden.stream.bind(hidden) };
  });
  const events = await runTurn(agent);
  expect(events.filter(({ type }) => type === 'custom')).toHaveLength(2);
  // With one running call there is nothing to guess.
  expect(events.filter(({ type }) => type === 'tool_progress')).toEqual([
    { type: 'tool_progress', call: 'c3', data: 'tick' },
  ]);
});

test.each([
  ['max_tokens', [{ text: 'Too long' }, { stop: 'maxTokens' }]],
  ['model_throttled', [{ fail: new ModelThrottledError('secret-key-123') }]],
  ['model_failed', [{ text: 'Half' }, { fail: new TypeError('secret-key-123') }]],
  ['model_auth', [{ fail: Object.assign(new Error('secret-key-123'), { status: 401 }) }]],
] as const)('a failure is reported as %s, in plain words', async (code, said) => {
  const failure = runTurn(agentOf([said], { retryStrategy: null }));
  await expect(failure).rejects.toMatchObject({ name: 'AgentError', code });
  await expect(failure).rejects.not.toThrow(/secret/);
});

test('an error from outside the SDK is passed on unchanged', async () => {
  const broken = new RangeError('a bug in the factory');
  await expect(
    runTurn(
      strands(() => {
        throw broken;
      }),
    ),
  ).rejects.toBe(broken);
});

test('an agent of an earlier turn is refused', async () => {
  const shared = new Agent({ model: new ScriptedModel([{ text: 'Hi' }]), printer: false });
  const agent = strands(() => shared);
  await runTurn(agent);
  await expect(runTurn(agent)).rejects.toThrow(/must make a new one/);
});

test('nothing of a conversation is printed, though the SDK prints by default', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const helper = new Agent({ name: 'helper', model: new ScriptedModel([{ text: 'inner' }]) });
    const outer = new ScriptedModel(
      [{ tool: 'helper', id: 'c1', input: { input: 'x' } }],
      [{ text: 'outer' }],
    );
    await runTurn(strands(() => new Agent({ model: outer, tools: [helper] })));
    expect(write).not.toHaveBeenCalled();
    const loud = strands(() => new Agent({ model: new ScriptedModel([{ text: 'loud' }]) }), { print: true });
    await runTurn(loud);
    expect(write).toHaveBeenCalled();
  } finally {
    write.mockRestore();
  }
});

test('an interrupt asks for an approval of the call it is about', async () => {
  const pay = tool({
    name: 'pay',
    description: 'Pays',
    inputSchema: z.object({ sum: z.number() }),
    callback: (_input, context) => context?.interrupt({ name: 'confirm', reason: 'Pay 5?' }) ?? 'paid',
  });
  const events = await runTurn(agentOf([[{ tool: 'pay', id: 'c1', input: { sum: 5 } }]], { tools: [pay] }));
  expect(events.filter(({ type }) => type === 'approval_request')).toMatchObject([
    { call: 'c1', reason: 'Pay 5?' },
  ]);
  expect(events.filter(({ type }) => type === 'tool_result')).toEqual([]);
  expect(events.at(-1)).toEqual({ type: 'stop', reason: 'interrupt' });
});

test('limits end a turn with their name', async () => {
  const model = new ScriptedModel([{ tool: 'add', id: 'c1', input: { a: 1, b: 1 } }]);
  const agent = strands(() => new Agent({ model, tools: [add], printer: false }), { limits: { turns: 2 } });
  const events = await runTurn(agent);
  expect(events.at(-1)).toEqual({ type: 'stop', reason: 'limit_turns' });
});
