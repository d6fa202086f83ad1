import {
  Command,
  END,
  entrypoint,
  interrupt,
  MessagesAnnotation,
  START,
  StateGraph,
  task,
} from '@langchain/langgraph';
import { AIMessage, ToolMessage } from '@langchain/core/messages';
import { createMiddleware, tool } from 'langchain';
import { expect, test } from 'vitest';
import { answerAll, runSaved, runTurn, standingText } from '../strands/run-turn.fixture.ts';
import type { AgentEvent } from '../../protocol/index.ts';
import { ScriptedChatModel } from './scripted-chat-model.fixture.ts';
import { adapt, anyInput, makeAgent, makeDeepAgent, reviewOf } from './staged-graph.fixture.ts';

type Event = Exclude<AgentEvent, string>;

const look = tool(async () => 'green', { name: 'look', description: 'Looks', schema: anyInput });

const ofType = <Type extends Event['type']>(events: readonly Event[], type: Type) =>
  events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);

/** Makes a graph of nodes that begin at once. */
function makeGraph(nodes: Readonly<Record<string, (state: never, config: never) => unknown>>) {
  const graph = new StateGraph(MessagesAnnotation) as never as {
    addNode(name: string, node: unknown): void;
    addEdge(from: string, to: string): void;
    compile(options?: object): ReturnType<typeof makeAgent>;
  };
  for (const [name, node] of Object.entries(nodes)) {
    graph.addNode(name, node);
    graph.addEdge(START, name);
    graph.addEdge(name, END);
  }
  return graph;
}

test('an agent tells steps, reasoning, text, the call as it is written, and its result', async () => {
  const model = new ScriptedChatModel(
    [
      { reasoning: 'Hm.' },
      { text: 'I look.' },
      { tool: 'look', id: 'c1', input: { at: 'sky' } },
      { usage: [3, 4] },
    ],
    [{ text: 'Green.' }],
  );
  const events = await runTurn(adapt((checkpointer) => makeAgent({ model, tools: [look], checkpointer })));
  expect(events).toEqual([
    { type: 'step_start' },
    { type: 'reasoning_start', part: 'm1' },
    { type: 'reasoning', part: 'm1', data: 'Hm.' },
    { type: 'reasoning_end', part: 'm1' },
    { type: 'content_start', part: 'm1.2' },
    { type: 'content', part: 'm1.2', data: 'I ' },
    { type: 'content', part: 'm1.2', data: 'look.' },
    { type: 'content_end', part: 'm1.2' },
    { type: 'tool_use_start', call: 'c1', tool: 'look' },
    { type: 'tool_use_input', call: 'c1', data: '{"at":' },
    { type: 'tool_use_input', call: 'c1', data: '"sky"}' },
    { type: 'usage', usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 } },
    { type: 'tool_use', call: 'c1', tool: 'look', input: { at: 'sky' } },
    { type: 'tool_result', call: 'c1', output: 'green', status: 'ok' },
    { type: 'step_start' },
    { type: 'content_start', part: 'm2' },
    { type: 'content', part: 'm2', data: 'Green.' },
    { type: 'content_end', part: 'm2' },
    { type: 'stop', reason: 'end_turn' },
  ]);
});

test('nodes that speak at once have parts of their own, in one step', async () => {
  const say = (text: string) => {
    const model = new ScriptedChatModel([{ text }]);
    return async () => ({ messages: [await model.invoke('Hi')] });
  };
  const agent = adapt(() => makeGraph({ one: say('a b c d'), two: say('1 2 3 4') }).compile());
  const events = await runTurn(agent);
  expect(ofType(events, 'step_start')).toHaveLength(1);
  const texts = Map.groupBy(ofType(events, 'content'), ({ part }) => part);
  expect([...texts.values()].map((said) => said.map(({ data }) => data).join('')).toSorted()).toEqual([
    '1 2 3 4',
    'a b c d',
  ]);
});

test('a message that was not streamed is told, whether it is of a class or a plain object', async () => {
  const agent = adapt(() =>
    makeGraph({
      one: () => ({ messages: [new AIMessage('Of a class.')] }),
      two: () => ({ messages: { role: 'assistant', content: [{ type: 'text', text: 'Plain.' }] } }),
    }).compile(),
  );
  const events = await runTurn(agent);
  expect(
    ofType(events, 'content')
      .map(({ data }) => data)
      .toSorted(),
  ).toEqual(['Of a class.', 'Plain.']);
});

test('messages of the user and of the system are not told', async () => {
  const agent = adapt(() =>
    makeGraph({
      one: () => ({ messages: [{ role: 'user', content: 'I' }, { role: 'system', content: 'You' }, 'Bare'] }),
    }).compile(),
  );
  expect((await runTurn(agent)).map(({ type }) => type)).toEqual(['stop']);
});

test('a node that runs a tool by itself tells the call before the tool runs, with its progress and result', async () => {
  const order: string[] = [];
  const crawl = tool(
    async function* () {
      order.push('runs');
      yield 'page 1';
      return 'two pages';
    },
    { name: 'crawl', description: 'Crawls', schema: anyInput },
  );
  const agent = adapt(() =>
    makeGraph({
      run: async () => {
        const named = { type: 'tool_call' as const, id: 'x1', name: 'crawl', args: { site: 'a' } };
        await crawl.invoke(named);
        return { messages: [{ role: 'assistant', content: await crawl.invoke({ site: 'b' }) }] };
      },
    }).compile(),
  );
  const events = await runTurn(agent, { onEvent: ({ type }) => type === 'tool_use' && order.push('told') });
  expect(order).toEqual(['told', 'runs', 'told', 'runs']);
  expect(events.filter(({ type }) => type.startsWith('tool_'))).toEqual([
    { type: 'tool_use', call: 'x1', tool: 'crawl', input: { site: 'a' } },
    { type: 'tool_progress', call: 'x1', data: 'page 1' },
    { type: 'tool_use', call: 'call', tool: 'crawl', input: { site: 'b' } },
    { type: 'tool_progress', call: 'call', data: 'page 1' },
    { type: 'tool_result', call: 'call', output: 'two pages', status: 'ok' },
    { type: 'tool_result', call: 'x1', output: 'two pages', status: 'ok' },
  ]);
});

test('a tool that is hidden from the streams is held back and told too', async () => {
  const order: string[] = [];
  const hidden = tool(async () => (order.push('runs'), 'done'), {
    name: 'hidden',
    description: 'Hides',
    schema: anyInput,
  });
  const agent = adapt(() =>
    makeGraph({
      run: async () => (await hidden.invoke({}, { tags: ['langsmith:hidden'] }), {}),
    }).compile(),
  );
  await runTurn(agent, { onEvent: ({ type }) => type === 'tool_use' && order.push('told') });
  expect(order).toEqual(['told', 'runs']);
});

test('a call that a middleware runs again is one call', async () => {
  let runs = 0;
  const flaky = tool(
    async () => {
      if ((runs += 1) === 1) throw new Error('once more');
      return 'done';
    },
    { name: 'flaky', description: 'Fails once', schema: anyInput },
  );
  const again = createMiddleware({
    name: 'Again',
    wrapToolCall: async (request, handler) => {
      try {
        return await handler(request);
      } catch {
        return handler(request);
      }
    },
  });
  const model = new ScriptedChatModel([{ tool: 'flaky', id: 'c1' }], [{ text: 'Done.' }]);
  const agent = adapt((checkpointer) =>
    makeAgent({ model, tools: [flaky], checkpointer, middleware: [again] }),
  );
  const events = await runTurn(agent);
  expect(runs).toBe(2);
  expect(ofType(events, 'tool_use')).toHaveLength(1);
  expect(ofType(events, 'tool_result')).toMatchObject([{ output: 'done', status: 'ok' }]);
});

test('what a node writes to the stream is custom, by its type', async () => {
  const agent = adapt(() =>
    makeGraph({
      run: (_: never, config: { writer(chunk: unknown): void }) => {
        config.writer({ type: 'chart', points: [1] });
        config.writer('plain');
        return {};
      },
    }).compile(),
  );
  expect(ofType(await runTurn(agent), 'custom')).toEqual([
    { type: 'custom', name: 'chart', data: { type: 'chart', points: [1] } },
    { type: 'custom', name: 'custom', data: 'plain' },
  ]);
});

test('a text that a middleware changes after the model is replaced', async () => {
  const guard = createMiddleware({
    name: 'Guard',
    afterModel: (state) => {
      const last = state.messages.at(-1);
      return { messages: [new AIMessage({ id: last?.id ?? '', content: 'Removed.' })] };
    },
  });
  const model = new ScriptedChatModel([{ text: 'A secret.' }]);
  const agent = adapt(() => makeAgent({ model, tools: [], middleware: [guard] }));
  expect(standingText(await runTurn(agent))).toBe('Removed.');
});

test('a model that fails in mid-text and is asked again leaves one text, and no call', async () => {
  const again = createMiddleware({
    name: 'Again',
    wrapModelCall: async (request, handler) => {
      try {
        return await handler(request);
      } catch {
        return handler(request);
      }
    },
  });
  const model = new ScriptedChatModel(
    [{ reasoning: 'So.' }, { text: 'The answer' }, { tool: 'look', id: 'c1' }, { fail: new Error('broken') }],
    [{ text: 'It is 42.' }],
  );
  const agent = adapt(() => makeAgent({ model, tools: [look], middleware: [again] }));
  const events = await runTurn(agent);
  expect(ofType(events, 'discard')).toEqual([{ type: 'discard', parts: ['m1', 'm1.2'] }]);
  expect(ofType(events, 'tool_result')).toMatchObject([{ call: 'c1', status: 'cancelled' }]);
  expect(ofType(events, 'content').at(-1)).toMatchObject({ part: 'm2', data: '42.' });
});

test('structured output is told', async () => {
  const model = new ScriptedChatModel([{ tool: 'extract-1', id: 'c1', input: { city: 'Kyoto' } }]);
  const responseFormat = { title: 'extract-1', type: 'object', properties: { city: { type: 'string' } } };
  const events = await runTurn(adapt(() => makeAgent({ model, tools: [], responseFormat })));
  expect(ofType(events, 'custom')).toEqual([
    { type: 'custom', name: 'structured_output', data: { city: 'Kyoto' } },
  ]);
});

test('an agent inside a tool and a graph inside a node speak as inner agents, once', async () => {
  const inner = makeAgent({
    model: new ScriptedChatModel([{ text: 'Inside.' }, { tool: 'look', id: 'c1' }], [{ text: 'Found.' }]),
    tools: [look],
    name: 'researcher',
  }) as never as {
    invoke(input: object, config?: object): Promise<{ messages: { text: string }[] }>;
    graph: never;
  };
  const research = tool(
    async () => (await inner.invoke({ messages: [{ role: 'user', content: 'Go' }] })).messages.at(-1)?.text,
    { name: 'research', description: 'Researches', schema: anyInput },
  );
  const model = new ScriptedChatModel([{ tool: 'research', id: 'c1' }], [{ text: 'Done.' }]);
  const events = await runTurn(adapt(() => makeAgent({ model, tools: [research] })));
  expect(standingText(events, 'research')).toBe('Inside.Found.');
  expect(standingText(events)).toBe('Done.');
  expect(ofType(events, 'tool_use').map(({ tool: name, agent }) => [name, agent])).toEqual([
    ['research', undefined],
    ['look', ['research']],
  ]);
  expect(ofType(events, 'tool_result').map(({ output, agent }) => [output, agent])).toEqual([
    ['green', ['research']],
    ['Found.', undefined],
  ]);

  const nested = makeGraph({
    team: inner.graph,
    plain: makeGraph({
      deep: () => ({ messages: [{ role: 'assistant', content: 'Deep.' }] }),
    }).compile() as never,
  });
  const graphEvents = await runTurn(adapt(() => nested.compile()));
  expect(standingText(graphEvents, 'team')).toBe('Found.');
  expect(standingText(graphEvents, 'plain')).toBe('Deep.');
  expect(standingText(graphEvents)).toBe('');
});

test('an agent that hands over to another one ends its call, and the other one speaks', async () => {
  const handOver = tool(
    async (_input: unknown, config) => {
      const message = new ToolMessage({ content: 'Handed over.', tool_call_id: config.toolCall?.id ?? '' });
      return new Command({ goto: 'second', graph: Command.PARENT, update: { messages: [message] } });
    },
    { name: 'hand_over', description: 'Hands over', schema: anyInput },
  );
  const graphOf = (agent: object): never => Reflect.get(agent, 'graph');
  const model = new ScriptedChatModel([{ text: 'One.' }, { tool: 'hand_over', id: 'c1' }]);
  const first = makeAgent({ model, tools: [handOver] });
  const second = makeAgent({ model: new ScriptedChatModel([{ text: 'Two.' }]), tools: [] });
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('first', graphOf(first), { ends: ['second'] })
    .addNode('second', graphOf(second))
    .addEdge(START, 'first')
    .addEdge('second', END);
  const events = await runTurn(adapt((checkpointer) => graph.compile({ checkpointer })));
  expect([standingText(events, 'first'), standingText(events, 'second'), standingText(events)]).toEqual([
    'One.',
    'Two.',
    '',
  ]);
  expect(ofType(events, 'tool_result')).toMatchObject([
    { call: 'c1', output: 'Handed over.', agent: ['first'] },
  ]);
});

test('a function of the functional API streams, runs tools, asks and goes on', async () => {
  const model = new ScriptedChatModel([{ text: 'Draft.' }]);
  const write = task('write', async () => (await model.invoke('Write')).text);
  const agent = adapt((checkpointer) =>
    entrypoint({ name: 'flow', checkpointer }, async () => {
      const draft = await write();
      return { messages: [{ role: 'assistant', content: `${draft} ${String(interrupt('Fine?'))}` }] };
    }),
  );
  const first = await runSaved(agent);
  expect(standingText(first.events)).toBe('Draft.');
  const answers = answerAll(first.events, 'Fine.');
  const { events } = await runSaved(agent, { snapshot: first.saved, answers, turn: 't2' });
  expect(standingText(events)).toBe('Draft. Fine.');
  expect(model.calls).toHaveLength(1);
});

/** Stages a deep agent with one subagent, whose calls of `look` a person reviews. */
function stageDeep(calls: readonly { tool: string; id: string; input?: unknown }[]) {
  const model = new ScriptedChatModel(
    [
      { text: 'I delegate.' },
      { tool: 'task', id: 'c1', input: { description: 'Go', subagent_type: 'scout' } },
    ],
    calls,
    [{ text: 'Scouted.' }],
    [{ text: 'All done.' }],
  );
  const scout = { name: 'scout', description: 'Scouts', systemPrompt: 'Scout.', tools: [look] };
  return adapt((checkpointer) =>
    makeDeepAgent({
      model,
      checkpointer,
      subagents: [{ ...scout, middleware: [reviewOf({ look: true })] }],
    }),
  );
}

test('a subagent of a deep agent speaks by its name, asks, and goes on in another process', async () => {
  const agent = stageDeep([{ tool: 'look', id: 'c1' }]);
  const first = await runSaved(agent);
  const [request] = ofType(first.events, 'approval_request');
  expect(request).toMatchObject({ call: 'c1-2', agent: ['scout'], reason: { name: 'look' } });
  const answers = answerAll(first.events, true);
  const { events } = await runSaved(agent, { snapshot: first.saved, answers, turn: 't2' });
  expect(ofType(events, 'tool_use').map(({ call, tool: name, agent: path }) => [call, name, path])).toEqual([
    ['c1', 'task', undefined],
    ['c1-2', 'look', ['scout']],
  ]);
  expect(ofType(events, 'tool_result').map(({ call, output }) => [call, output])).toEqual([
    ['c1-2', 'green'],
    ['c1', 'Scouted.'],
  ]);
  expect(standingText(events, 'scout')).toBe('Scouted.');
  expect(standingText(events)).toBe('All done.');
});

test('a rejection beside an approval inside a subagent is refused with a sentence, and nothing runs', async () => {
  const agent = stageDeep([
    { tool: 'look', id: 's1' },
    { tool: 'look', id: 's2', input: { at: 'sea' } },
  ]);
  const first = await runSaved(agent);
  const [yes, no] = answerAll(first.events, true);
  const answers = [yes!, { ...no!, decision: false }];
  const seen: Event[] = [];
  const turn = { snapshot: first.saved, answers, onEvent: (event: Event) => seen.push(event) };
  await expect(runTurn(agent, turn)).rejects.toMatchObject({
    code: 'approval_unsupported',
    message: expect.stringContaining('approve all of them, or reject all'),
  });
  expect(seen).toEqual([]);
});
