import { END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { tool } from 'langchain';
import { expect, test } from 'vitest';
import { answerAll, runSaved, runTurn } from '../kit/run-turn.fixture.ts';
import type { Agent, AgentEvent, ApprovalAnswer } from '../../protocol/index.ts';
import { ScriptedChatModel } from './scripted-chat-model.fixture.ts';
import type { Said } from './scripted-chat-model.fixture.ts';
import { adapt, anyInput, makeAgent, reviewOf } from './staged-graph.fixture.ts';

type Event = Exclude<AgentEvent, string>;

/** Makes a tool that notes its runs. */
function createPay(runs: unknown[], name = 'pay') {
  return tool(
    async (input: unknown) => {
      runs.push(input);
      return 'paid';
    },
    { name, description: name, schema: anyInput },
  );
}

/** Stages an agent whose calls of `pay` a person reviews, and those of `look` not. */
function stageReview(calls: readonly Said[], interruptOn: object = { pay: true }) {
  const runs: unknown[] = [];
  const looks: unknown[] = [];
  const model = new ScriptedChatModel(calls, [{ text: 'All done.' }]);
  const agent = adapt((checkpointer) =>
    makeAgent({
      model,
      checkpointer,
      tools: [createPay(runs), createPay(looks, 'look'), createPay(runs, 'refund')],
      middleware: [reviewOf(interruptOn)],
    }),
  );
  return { agent, runs, looks, given: () => model.calls.at(-1)?.map(({ type, text }) => [type, text]) ?? [] };
}

const pays: readonly Said[] = [
  { tool: 'pay', id: 'c1', input: { sum: 1 } },
  { tool: 'pay', id: 'c2', input: { sum: 2 } },
];

/** Answers the approvals of a turn with these decisions, and runs the turn that goes on. */
async function goOn(
  agent: Agent,
  { events, saved }: { readonly events: Event[]; readonly saved: unknown },
  ...decisions: readonly unknown[]
): ReturnType<typeof runSaved> {
  const answers: ApprovalAnswer[] = answerAll(events, undefined).map((answer, index) => ({
    ...answer,
    decision: decisions[index],
  }));
  return runSaved(agent, { snapshot: saved, answers, turn: 't2' });
}

const ofType = <Type extends Event['type']>(events: readonly Event[], type: Type) =>
  events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);

test('the middleware asks for each action, with the call that it is about', async () => {
  const { agent, runs } = stageReview(pays);
  const { events } = await runSaved(agent);
  expect(ofType(events, 'approval_request')).toMatchObject([
    {
      call: 'c1',
      reason: { name: 'pay', args: { sum: 1 }, allowedDecisions: ['approve', 'edit', 'reject'] },
    },
    { call: 'c2', reason: { name: 'pay', args: { sum: 2 } } },
  ]);
  expect(runs).toEqual([]);
});

test('calls that are approved run', async () => {
  const { agent, runs } = stageReview(pays);
  const { events } = await goOn(agent, await runSaved(agent), true, { type: 'approve' });
  expect(runs).toEqual([{ sum: 1 }, { sum: 2 }]);
  expect(ofType(events, 'tool_use').map(({ call }) => call)).toEqual(['c1', 'c2']);
  expect(ofType(events, 'tool_result').map(({ call, status }) => [call, status])).toEqual([
    ['c1', 'ok'],
    ['c2', 'ok'],
  ]);
});

test('an action that is edited runs as it was edited, and is told so', async () => {
  const { agent, runs } = stageReview(pays);
  const edit = { type: 'edit', editedAction: { name: 'refund', args: { sum: 9 } } };
  const { events } = await goOn(agent, await runSaved(agent), true, edit);
  expect(runs).toEqual([{ sum: 1 }, { sum: 9 }]);
  expect(ofType(events, 'tool_use')).toMatchObject([
    { call: 'c1', tool: 'pay', input: { sum: 1 } },
    { call: 'c2', tool: 'refund', input: { sum: 9 } },
  ]);
  expect(ofType(events, 'tool_result')).toHaveLength(2);
});

test('an edit may leave out the name of the tool', async () => {
  const { agent, runs } = stageReview(pays);
  await goOn(agent, await runSaved(agent), true, { type: 'edit', editedAction: { args: { sum: 7 } } });
  expect(runs).toEqual([{ sum: 1 }, { sum: 7 }]);
});

test('calls that are all rejected do not run, and the model learns why', async () => {
  const { agent, runs, given } = stageReview(pays);
  const { events } = await goOn(agent, await runSaved(agent), 'Too much.', {
    type: 'reject',
    message: 'No.',
  });
  expect(runs).toEqual([]);
  expect(ofType(events, 'tool_result').map(({ call, output, status }) => [call, output, status])).toEqual([
    ['c1', 'Too much.', 'error'],
    ['c2', 'No.', 'error'],
  ]);
  expect(given()).toContainEqual(['tool', 'Too much.']);
  expect(
    ofType(events, 'content')
      .map(({ data }) => data)
      .join(''),
  ).toBe('All done.');
});

test('a rejection beside an approval leaves the approved call in place', async () => {
  const { agent, runs, given } = stageReview(pays);
  const { events } = await goOn(agent, await runSaved(agent), true, 'Not this one.');
  expect(runs).toEqual([{ sum: 1 }]);
  expect(ofType(events, 'tool_result').map(({ call, output, status }) => [call, output, status])).toEqual([
    ['c2', 'Not this one.', 'error'],
    ['c1', 'paid', 'ok'],
  ]);
  expect(given().slice(2)).toEqual([
    ['tool', 'Not this one.'],
    ['tool', 'paid'],
  ]);
});

test('a rejection beside a call that needs no approval leaves that call in place', async () => {
  const { agent, runs, looks, given } = stageReview([pays[0]!, { tool: 'look', id: 'c3' }]);
  await goOn(agent, await runSaved(agent), false);
  expect(runs).toEqual([]);
  expect(looks).toHaveLength(1);
  expect(given().map(([type]) => type)).toEqual(['human', 'ai', 'tool', 'tool']);
});

test('a rejection beside an edit works where approving is not allowed', async () => {
  const interruptOn = { pay: { allowedDecisions: ['edit', 'reject'] } };
  const { agent, runs } = stageReview(pays, interruptOn);
  const edit = { type: 'edit', editedAction: { name: 'pay', args: { sum: 3 } } };
  await goOn(agent, await runSaved(agent), edit, false);
  expect(runs).toEqual([{ sum: 3 }]);
});

test('several interrupts are several approvals, each with its call, and each gets its answer', async () => {
  const got: unknown[] = [];
  const ask = tool(
    async (input: unknown) => {
      const answer: unknown = interrupt(input);
      got.push([input, answer]);
      return JSON.stringify(answer);
    },
    { name: 'ask', description: 'Asks', schema: anyInput },
  );
  const model = new ScriptedChatModel(
    [
      { tool: 'ask', id: 'c1', input: { n: 1 } },
      { tool: 'ask', id: 'c2', input: { n: 2 } },
      { tool: 'look', id: 'c3' },
    ],
    [{ text: 'Done.' }],
  );
  const looks: unknown[] = [];
  const agent = adapt((checkpointer) =>
    makeAgent({ model, tools: [ask, createPay(looks, 'look')], checkpointer }),
  );
  const first = await runSaved(agent);
  expect(ofType(first.events, 'approval_request').map(({ call, reason }) => [call, reason])).toEqual([
    ['c1', { n: 1 }],
    ['c2', { n: 2 }],
  ]);
  const { events } = await goOn(agent, first, { sum: 5 }, null);
  expect(got).toEqual([
    [{ n: 1 }, { sum: 5 }],
    [{ n: 2 }, null],
  ]);
  // The tool that needed no answer ran once, and is told once.
  expect(looks).toHaveLength(1);
  expect(ofType([...first.events, ...events], 'tool_result').map(({ call }) => call)).toEqual([
    'c3',
    'c1',
    'c2',
  ]);
});

test('a tool may ask again after an answer', async () => {
  const ask = tool(async () => `${String(interrupt('first?'))} ${String(interrupt('second?'))}`, {
    name: 'ask',
    description: 'Asks',
    schema: anyInput,
  });
  const model = new ScriptedChatModel([{ tool: 'ask', id: 'c1' }], [{ text: 'Done.' }]);
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [ask], checkpointer }));
  const second = await goOn(agent, await runSaved(agent), 'one');
  expect(ofType(second.events, 'approval_request')).toMatchObject([{ call: 'c1', reason: 'second?' }]);
  const third = await goOn(agent, second, 'two');
  expect(ofType(third.events, 'tool_result')).toMatchObject([{ call: 'c1', output: 'one two' }]);
});

test('a node that asks without a tool is an approval without a call', async () => {
  const agent = adapt((checkpointer) =>
    new StateGraph(MessagesAnnotation)
      .addNode('ask', () => ({
        messages: [{ role: 'assistant', content: `You said ${interrupt('Well?')}.` }],
      }))
      .addEdge(START, 'ask')
      .addEdge('ask', END)
      .compile({ checkpointer }),
  );
  const first = await runSaved(agent);
  const { approval: _, ...request } = ofType(first.events, 'approval_request')[0]!;
  expect(request).toEqual({ type: 'approval_request', reason: 'Well?' });
  const { events } = await goOn(agent, first, 'yes');
  expect(ofType(events, 'content').map(({ data }) => data)).toEqual(['You said yes.']);
});

test('graphs inside a graph ask at once, and each gets its answer', async () => {
  const inner = (name: string) =>
    new StateGraph(MessagesAnnotation)
      .addNode('ask', () => ({ messages: [{ role: 'assistant', content: `${interrupt(name)}` }] }))
      .addEdge(START, 'ask')
      .compile();
  const agent = adapt((checkpointer) =>
    new StateGraph(MessagesAnnotation)
      .addNode('one', inner('1?'))
      .addNode('two', inner('2?'))
      .addEdge(START, 'one')
      .addEdge(START, 'two')
      .compile({ checkpointer }),
  );
  const first = await runSaved(agent);
  expect(ofType(first.events, 'approval_request').map(({ reason }) => reason)).toEqual(['1?', '2?']);
  const { events } = await goOn(agent, first, 'a', 'b');
  expect(ofType(events, 'content').map(({ data, agent: path }) => [data, path])).toEqual([
    ['a', ['one']],
    ['b', ['two']],
  ]);
});

test('tools of one node that ask one after the other end each once', async () => {
  const ask = tool(async (input: unknown) => `${interrupt(input)}`, {
    name: 'ask',
    description: 'Asks',
    schema: anyInput,
  });
  const model = new ScriptedChatModel(
    [
      { tool: 'ask', id: 'c1', input: { n: 1 } },
      { tool: 'ask', id: 'c2', input: { n: 2 } },
    ],
    [{ text: 'Done.' }],
  );
  // One node runs all calls, so it runs from its start for each answer.
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [ask], checkpointer, version: 'v1' }));
  const second = await goOn(agent, await runSaved(agent), 'one');
  expect(ofType(second.events, 'approval_request')).toMatchObject([{ call: 'c2', reason: { n: 2 } }]);
  const third = await goOn(agent, second, 'two');
  expect(
    ofType(third.events, 'tool_result')
      .map(({ output }) => output)
      .toSorted(),
  ).toEqual(['one', 'two']);
});

test('without a checkpointer an interrupt fails the turn, in a tool and in a node', async () => {
  const ask = tool(async () => String(interrupt('Well?')), {
    name: 'ask',
    description: 'Asks',
    schema: anyInput,
  });
  const model = new ScriptedChatModel([{ tool: 'ask', id: 'c1' }], [{ text: 'Never.' }]);
  const node = new StateGraph(MessagesAnnotation)
    .addNode('ask', () => ({ messages: [String(interrupt('Well?'))] }))
    .addEdge(START, 'ask')
    .compile();
  for (const graph of [makeAgent({ model, tools: [ask] }), node])
    await expect(runTurn(adapt(() => graph))).rejects.toMatchObject({ code: 'approval_unsupported' });
});

test('a breakpoint of the graph, which nothing could answer, fails the turn', async () => {
  const agent = adapt((checkpointer) =>
    new StateGraph(MessagesAnnotation)
      .addNode('say', () => ({}))
      .addEdge(START, 'say')
      .compile({ checkpointer, interruptBefore: ['say'] }),
  );
  await expect(runTurn(agent)).rejects.toMatchObject({ code: 'approval_unsupported' });
});

test('answers without the state that they are for fail the turn', async () => {
  const { agent } = stageReview(pays);
  const { events, saved } = await runSaved(agent);
  const answers = answerAll(events, true);
  const failure = { code: 'approval_lost' };
  await expect(runTurn(agent, { answers })).rejects.toMatchObject(failure);
  await expect(runTurn(agent, { answers, snapshot: { version: 2 } })).rejects.toMatchObject(failure);
  await expect(runTurn(agent, { answers: answers.slice(1), snapshot: saved })).rejects.toMatchObject(failure);
});

test('answers for a checkpointer of the user that has lost its content fail the turn', async () => {
  const { events, saved } = await runSaved(stageOwn(new MemorySaver()));
  const answers = answerAll(events, true);
  await expect(runTurn(stageOwn(new MemorySaver()), { answers, snapshot: saved })).rejects.toMatchObject({
    code: 'approval_lost',
  });
});

function stageOwn(checkpointer: MemorySaver): Agent {
  const ask = tool(async () => String(interrupt('Well?')), {
    name: 'ask',
    description: 'Asks',
    schema: anyInput,
  });
  const model = new ScriptedChatModel([{ tool: 'ask', id: 'c1' }], [{ text: 'Done.' }]);
  return adapt(() => makeAgent({ model, tools: [ask], checkpointer }));
}

test('a provider that counts from the same id again names no two calls alike', async () => {
  const runs: unknown[] = [];
  const model = new ScriptedChatModel(
    [{ tool: 'pay', id: 'call_0', input: { sum: 1 } }],
    [{ tool: 'look', id: 'call_0', input: { at: 2 } }],
    [{ text: 'Done.' }],
  );
  const agent = adapt((checkpointer) =>
    makeAgent({
      model,
      checkpointer,
      tools: [createPay(runs), createPay(runs, 'look')],
      middleware: [reviewOf({ pay: true })],
    }),
  );
  const { events } = await goOn(agent, await runSaved(agent), true);
  expect(ofType(events, 'tool_use').map(({ call }) => call)).toEqual(['call_0', 'call_0-2']);
  expect(ofType(events, 'tool_result').map(({ call }) => call)).toEqual(['call_0', 'call_0-2']);
  expect(runs).toEqual([{ sum: 1 }, { at: 2 }]);
});

test.each([
  ['without the tool and its review', [], []],
  ['without the review', ['pay'], []],
])('an answer for an agent %s fails the turn', async (_, names, middleware) => {
  const { agent, runs } = stageReview(pays);
  const { events, saved } = await runSaved(agent);
  const model = new ScriptedChatModel([{ text: 'Never.' }]);
  const tools = names.map((name) => createPay(runs, name));
  const changed = adapt((checkpointer) => makeAgent({ model, checkpointer, tools, middleware }));
  await expect(
    runTurn(changed, { answers: answerAll(events, true), snapshot: saved, turn: 't2' }),
  ).rejects.toMatchObject({ code: 'approval_lost' });
  expect(runs).toEqual([]);
});

test.each([
  [true, ['edit', 'reject']],
  [false, ['approve']],
  [{ type: 'edit', editedAction: { args: {} } }, ['approve', 'reject']],
])('the decision %j fails the turn if the middleware accepts only %j', async (decision, allowedDecisions) => {
  const { agent, runs } = stageReview(pays, { pay: { allowedDecisions } });
  await expect(goOn(agent, await runSaved(agent), decision, decision)).rejects.toMatchObject({
    code: 'approval_unsupported',
  });
  expect(runs).toEqual([]);
});

test.each([{}, { editedAction: null }, { editedAction: { name: 'pay', args: 'all' } }])(
  'an edit that edits nothing runs nothing: %j',
  async (edit) => {
    const { agent, runs } = stageReview(pays);
    await goOn(agent, await runSaved(agent), { type: 'edit', ...edit }, true);
    expect(runs).toEqual([{ sum: 2 }]);
  },
);
