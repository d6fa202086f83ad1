import { AIMessage } from '@langchain/core/messages';
import { Command, END, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { createMiddleware, tool } from 'langchain';
import { expect, test, vi } from 'vitest';
import { AgentError } from '../../protocol/index.ts';
import type { Agent, Turn } from '../../protocol/index.ts';
import { runSaved, runTurn, standingText } from '../strands/run-turn.fixture.ts';
import type { RunTurn } from '../strands/run-turn.fixture.ts';
import { isLanggraph, langgraph } from './index.ts';
import { ScriptedChatModel } from './scripted-chat-model.fixture.ts';
import { adapt, anyInput, makeAgent } from './staged-graph.fixture.ts';

const look = tool(async () => 'green', { name: 'look', description: 'Looks', schema: anyInput });

/** Stages an agent whose model says something and then fails with this error. */
const failing = (error: unknown) => {
  const model = new ScriptedChatModel([{ text: 'Half ' }, { fail: error }]);
  return adapt((checkpointer) => makeAgent({ model, tools: [], checkpointer }));
};

test.each([
  ['model_throttled', Object.assign(new Error('sk-secret'), { status: 429 })],
  ['model_auth', Object.assign(new Error('sk-secret'), { status: 401 })],
  ['model_failed', Object.assign(new Error('sk-secret'), { status: 500 })],
  ['model_unreachable', Object.assign(new Error('sk-secret'), { code: 'ECONNREFUSED' })],
  ['context_overflow', Object.assign(new Error('sk-secret'), { name: 'ContextOverflowError' })],
  ['refused', Object.assign(new Error('sk-secret'), { name: 'ModelRefusalError' })],
  ['own_code', new Error('wrapped', { cause: new AgentError('own_code', 'Ours.') })],
])('a failure is %s', async (code, error) => {
  const failure = await runTurn(failing(error)).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code });
  expect((failure as Error).message).not.toContain('secret');
});

test('a failure without a name is thrown as it is, and the text so far stays', async () => {
  const error = new Error('odd');
  const said: string[] = [];
  const turn = runTurn(failing(error), {
    onEvent: (event) => event.type === 'content' && said.push(event.data),
  });
  await expect(turn).rejects.toBe(error);
  expect(said).toEqual(['Half ']);
});

test('of nodes that failed at once, a failure with a code counts', async () => {
  const fail = (error: Error) => () => {
    throw error;
  };
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('one', fail(new Error('odd')))
    .addNode('two', fail(Object.assign(new Error('busy'), { status: 429 })))
    .addEdge(START, 'one')
    .addEdge(START, 'two')
    .compile();
  await expect(runTurn(adapt(() => graph))).rejects.toMatchObject({ code: 'model_throttled' });
});

test('a graph that reaches its limit of steps fails with limit_turns', async () => {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('again', () => ({}))
    .addEdge(START, 'again')
    .addEdge('again', 'again')
    .compile();
  const model = new ScriptedChatModel([{ tool: 'look', id: 'c1' }]);
  for (const made of [graph, makeAgent({ model, tools: [look] })])
    await expect(runTurn(adapt(() => made, { recursionLimit: 5 }))).rejects.toMatchObject({
      code: 'limit_turns',
    });
});

const firstTurn: Turn = {
  turn: 't1',
  attempt: 1,
  input: { type: 'message', content: 'Hi' },
  signal: new AbortController().signal,
  history: () => [],
  save: () => {},
};

const forever = new Promise<never>(() => {});

test('a cancel in mid-text ends quietly, saves nothing, and keeps what was said', async () => {
  const cancel = new AbortController();
  const model = new ScriptedChatModel([{ text: 'One two ' }, { wait: forever }, { text: 'three.' }]);
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [], checkpointer }));
  const { events, saved } = await runSaved(agent, {
    signal: cancel.signal,
    onEvent: (event) => event.type === 'content' && event.data === 'two ' && cancel.abort(),
  });
  expect(standingText(events)).toBe('One two ');
  expect(saved).toBeUndefined();
});

test('a cancel while a tool works does not wait for the tool', async () => {
  const cancel = new AbortController();
  const stuck = tool(() => forever, { name: 'stuck', description: 'Never ends', schema: anyInput });
  const model = new ScriptedChatModel([{ tool: 'stuck', id: 'c1' }]);
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [stuck], checkpointer }));
  const events = await runTurn(agent, {
    signal: cancel.signal,
    onEvent: (event) => event.type === 'tool_use' && setTimeout(() => cancel.abort()),
  });
  expect(events.at(-1)).toMatchObject({ type: 'tool_use' });
});

test('a cancel does not wait for one of two tools, after the other has ended', async () => {
  const cancel = new AbortController();
  const stuck = tool(() => forever, { name: 'stuck', description: 'Never ends', schema: anyInput });
  const model = new ScriptedChatModel([
    { tool: 'look', id: 'c1' },
    { tool: 'stuck', id: 'c2' },
  ]);
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [look, stuck], checkpointer }));
  const events = await runTurn(agent, {
    signal: cancel.signal,
    onEvent: ({ type }) => type === 'tool_result' && setTimeout(() => cancel.abort()),
  });
  expect(events.at(-1)).toMatchObject({ type: 'tool_result', call: 'c1' });
});

test('a cancel while the call is being told does not run the tool', async () => {
  const cancel = new AbortController();
  let runs = 0;
  const count = tool(() => String((runs += 1)), { name: 'count', description: 'Counts', schema: anyInput });
  const model = new ScriptedChatModel([{ tool: 'count', id: 'c1' }], [{ text: 'Never.' }]);
  await runTurn(
    adapt((checkpointer) => makeAgent({ model, tools: [count], checkpointer })),
    { signal: cancel.signal, onEvent: (event) => event.type === 'tool_use' && cancel.abort() },
  );
  expect(runs).toBe(0);
});

test('a turn that is left in the middle stops its graph, and runs no tool', async () => {
  let runs = 0;
  const count = tool(() => String((runs += 1)), { name: 'count', description: 'Counts', schema: anyInput });
  const model = new ScriptedChatModel([{ tool: 'count', id: 'c1' }], [{ text: 'Never.' }]);
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [count], checkpointer }));
  for await (const event of agent.open({ session: 's', owner: 'ann' })(firstTurn)) {
    if (typeof event !== 'string' && event.type === 'tool_use') break;
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(runs).toBe(0);
  expect(model.calls).toHaveLength(1);
});

test('a turn that was cancelled before it started does not run the model', async () => {
  const model = new ScriptedChatModel([{ text: 'Hi' }]);
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [], checkpointer }));
  expect(await runTurn(agent, { signal: AbortSignal.abort() })).toEqual([]);
  expect(model.calls).toEqual([]);
});

/** Stages a graph whose first node comes from a cache when it has run once. */
function stageCached(): Agent {
  let kept: readonly object[] = [];
  const cache = {
    get: async () => kept,
    set: async (pairs: readonly object[]) => {
      kept = pairs.map((pair) => ({ ...pair }));
    },
    clear: async () => {},
  };
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('cached', () => ({ messages: [new AIMessage({ id: 'x', content: 'Cached.' })] }), {
      cachePolicy: { keyFunc: () => 'key' },
    })
    .addNode('next', () => ({ messages: [new AIMessage('Next.')] }))
    .addEdge(START, 'cached')
    .addEdge('cached', 'next');
  return adapt((checkpointer) => Reflect.apply(graph.compile, graph, [{ checkpointer, cache }]));
}

/** Returns the options of a turn that is cancelled at an event. */
function cancelAt(at: string): RunTurn {
  const cancel = new AbortController();
  return { signal: cancel.signal, onEvent: ({ type }) => type === at && cancel.abort() };
}

test('nothing is printed, and nothing is left that rejects', async () => {
  const printed = ['log', 'warn', 'error'].map((name) =>
    vi.spyOn(console, name as 'log').mockImplementation(() => {}),
  );
  const left: unknown[] = [];
  const note = (error: unknown): void => void left.push(error);
  process.on('unhandledRejection', note);
  try {
    for (const at of ['step_start', 'content', 'tool_use', 'tool_result', 'stop']) {
      const model = new ScriptedChatModel(
        [{ text: 'I look. ' }, { tool: 'look', id: 'c1' }],
        [{ text: 'Done.' }],
      );
      const agent = adapt((checkpointer) => makeAgent({ model, tools: [look], checkpointer }));
      await runTurn(agent, cancelAt(at));
    }
    await runTurn(failing(new Error('odd'))).catch(() => {});
    const cached = stageCached();
    for (const at of ['none', 'stop', 'content']) await runTurn(cached, cancelAt(at));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(left).toEqual([]);
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  } finally {
    process.off('unhandledRejection', note);
    for (const spy of printed) spy.mockRestore();
  }
});

test('the factory may answer the turn itself, and make a graph later', async () => {
  const classes = { Command, MemorySaver };
  const hello = langgraph((() => 'Hello') as never, classes);
  const events: unknown[] = [];
  for await (const event of hello.open({ session: 's', owner: 'ann' })(firstTurn)) events.push(event);
  expect(events).toEqual(['Hello']);
  const model = new ScriptedChatModel([{ text: 'Hi.' }]);
  const late = langgraph(async () => makeAgent({ model, tools: [] }), classes as never);
  expect(standingText(await runTurn(late))).toBe('Hi.');
});

test('wrong arguments are refused at once', () => {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('a', () => ({}))
    .addEdge(START, 'a')
    .compile();
  const classes = { Command, MemorySaver };
  expect(() => langgraph(graph as never, classes)).toThrow(/pass \(\) => graph/);
  expect(() => langgraph(() => graph, { MemorySaver } as never)).toThrow(/Command is missing/);
  expect(() => langgraph(() => graph, undefined as never)).toThrow(/Command is missing/);
  expect(() => langgraph(() => graph, { ...classes, recursionLimit: 0 })).toThrow(/recursionLimit/);
});

test('graphs and agents are known by what they have', () => {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('a', () => ({}))
    .addEdge(START, 'a')
    .addEdge('a', END);
  const model = new ScriptedChatModel([]);
  expect(isLanggraph(graph.compile())).toBe(true);
  expect(isLanggraph(makeAgent({ model, tools: [] }))).toBe(true);
  for (const other of [
    graph,
    model,
    look,
    createMiddleware({ name: 'M' }),
    {},
    undefined,
    () => graph.compile(),
  ])
    expect(isLanggraph(other)).toBe(false);
});
