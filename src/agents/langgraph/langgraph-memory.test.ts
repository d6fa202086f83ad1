import {
  Annotation,
  END,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  MessagesDeltaValue,
  START,
  StateGraph,
  StateSchema,
} from '@langchain/langgraph';
import { AIMessage } from '@langchain/core/messages';
import { tool } from 'langchain';
import { expect, test } from 'vitest';
import type { Agent, MessageState } from '../../protocol/index.ts';
import { saidIn, sentIn } from '../kit/conversation.fixture.ts';
import { answerAll, runSaved, runTurn, standingText } from '../kit/run-turn.fixture.ts';
import { ScriptedChatModel } from './scripted-chat-model.fixture.ts';
import type { Said } from './scripted-chat-model.fixture.ts';
import { adapt, anyInput, makeAgent } from './staged-graph.fixture.ts';

const look = tool(async () => 'green', { name: 'look', description: 'Looks', schema: anyInput });

const textsOf = (model: ScriptedChatModel): readonly (readonly [string, string])[] =>
  model.calls.at(-1)?.map(({ type, text }) => [type, text] as const) ?? [];

/** A graph that counts its turns in a state of its own, beside the messages. */
function stageCounter(): Agent {
  const State = Annotation.Root({
    ...MessagesAnnotation.spec,
    count: Annotation<number>({ reducer: (sum, more) => sum + more, default: () => 0 }),
  });
  return adapt((checkpointer) =>
    new StateGraph(State)
      .addNode('add', () => ({ count: 1 }))
      .addNode('say', ({ count, messages }) => ({
        messages: [new AIMessage(`Turn ${count}, ${messages.length} messages.`)],
      }))
      .addEdge(START, 'add')
      .addEdge('add', 'say')
      .addEdge('say', END)
      .compile({ checkpointer }),
  );
}

test('all of a graph state is remembered, in another process too', async () => {
  const first = await runSaved(stageCounter());
  expect(standingText(first.events)).toBe('Turn 1, 1 messages.');
  const second = await runSaved(stageCounter(), { snapshot: first.saved, turn: 't2' });
  expect(standingText(second.events)).toBe('Turn 2, 3 messages.');
  const third = await runSaved(stageCounter(), { snapshot: second.saved, turn: 't3' });
  expect(standingText(third.events)).toBe('Turn 3, 5 messages.');
});

test('a snapshot has one checkpoint, however long the turn was, and is text', async () => {
  const { saved } = await runSaved(stageCounter());
  expect(saved).toMatchObject({
    version: 1,
    namespaces: [{ namespace: '', checkpoints: [{ metadata: expect.stringContaining('"step":2') }] }],
  });
});

test('messages of earlier turns that a node returns are not told again', async () => {
  const stage = (): Agent =>
    adapt((checkpointer) =>
      new StateGraph(MessagesAnnotation)
        .addNode('say', ({ messages }) => ({
          messages: [...messages, { role: 'assistant', content: `${messages.length}` }],
        }))
        .addNode('echo', ({ messages }) => ({ messages }))
        .addEdge(START, 'say')
        .addEdge('say', 'echo')
        .addEdge('echo', END)
        .compile({ checkpointer }),
    );
  const first = await runSaved(stage());
  expect(standingText(first.events)).toBe('1');
  const second = await runSaved(stage(), { snapshot: first.saved, turn: 't2' });
  expect(standingText(second.events)).toBe('3');
});

test('the memory of a graph inside a graph is kept, if it has one', async () => {
  const stage = (): Agent =>
    adapt((checkpointer) => {
      const inner = new StateGraph(
        Annotation.Root({
          seen: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }),
          messages: MessagesAnnotation.spec.messages,
        }),
      )
        .addNode('see', ({ seen }) => ({ seen: ['x'], messages: [new AIMessage(`Saw ${seen.length}.`)] }))
        .addEdge(START, 'see')
        .compile({ checkpointer: true });
      return new StateGraph(MessagesAnnotation)
        .addNode('inner', inner)
        .addEdge(START, 'inner')
        .compile({ checkpointer });
    });
  const first = await runSaved(stage());
  expect(standingText(first.events, 'inner')).toBe('Saw 0.');
  const second = await runSaved(stage(), { snapshot: first.saved, turn: 't2' });
  expect(standingText(second.events, 'inner')).toBe('Saw 1.');
});

test('a channel that keeps only changes has them in the next turn', async () => {
  const State = new StateSchema({ messages: MessagesDeltaValue });
  const stage = (): Agent =>
    adapt((checkpointer) =>
      new StateGraph(State)
        .addNode('say', ({ messages }) => ({ messages: [new AIMessage(`${messages.length}`)] }))
        .addNode('more', () => ({ messages: [new AIMessage('more')] }))
        .addEdge(START, 'say')
        .addEdge('say', 'more')
        .addEdge('more', END)
        .compile({ checkpointer }),
    );
  let saved: unknown;
  for (const expected of ['1more', '4more', '7more', '10more']) {
    const turn = await runSaved(stage(), { snapshot: saved, turn: `t${expected}` });
    expect(standingText(turn.events)).toBe(expected);
    saved = turn.saved;
  }
});

const history: readonly MessageState[] = [
  sentIn('t1', 'Look'),
  saidIn('t1', [
    { type: 'text', part: 'p1', text: 'I look.', status: 'complete' } as never,
    {
      type: 'tool',
      call: 'c1',
      tool: 'look',
      input: { at: 'sky' },
      output: { color: 'green' },
      status: 'ok',
    } as never,
    { type: 'text', part: 'p2', text: 'Green.', status: 'complete' } as never,
  ]),
];

test('without a snapshot, or with one of another version, the conversation is that of the log', async () => {
  for (const snapshot of [undefined, { version: 9 }, { version: 1, thread: 'x', checkpoint: 'y' }]) {
    const model = new ScriptedChatModel([{ text: 'Bye.' }]);
    const agent = adapt((checkpointer) => makeAgent({ model, tools: [look], checkpointer }));
    await runTurn(agent, { content: 'Thanks', history, ...(snapshot && { snapshot }) });
    expect(textsOf(model)).toEqual([
      ['human', 'Look'],
      ['ai', 'I look.'],
      ['tool', '{"color":"green"}'],
      ['ai', 'Green.'],
      ['human', 'Thanks'],
    ]);
    const [, said, result] = model.calls[0] ?? [];
    expect(said).toMatchObject({ tool_calls: [{ name: 'look', args: { at: 'sky' } }] });
    expect(result).toMatchObject({ status: 'success' });
  }
});

test('files of a message are given as blocks', async () => {
  const model = new ScriptedChatModel([{ text: 'Nice.' }]);
  await runTurn(
    adapt(() => makeAgent({ model, tools: [] })),
    {
      content: [
        { type: 'text', text: 'See' },
        { type: 'image', media_type: 'image/png', data: 'AA==' },
        { type: 'file', media_type: 'application/pdf', data: 'AQ==', name: 'a.pdf' },
      ],
    },
  );
  expect(model.calls[0]?.[0]?.content).toEqual([
    { type: 'text', text: 'See' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
    {
      type: 'file',
      source_type: 'base64',
      mime_type: 'application/pdf',
      data: 'AQ==',
      metadata: { filename: 'a.pdf' },
    },
  ]);
});

test('a graph with another state gets the input that a function makes', async () => {
  const State = Annotation.Root({ topic: Annotation<string>, messages: MessagesAnnotation.spec.messages });
  const agent = adapt(
    () =>
      new StateGraph(State)
        .addNode('say', ({ topic }) => ({ messages: [new AIMessage(`About ${topic}.`)] }))
        .addEdge(START, 'say')
        .compile(),
    { toInput: (messages) => ({ topic: messages.at(-1)?.content }) },
  );
  expect(standingText(await runTurn(agent, { content: 'trees' }))).toBe('About trees.');
});

/** Stages an agent with a checkpointer of the user's own. */
function stageOwn(checkpointer: MemorySaver, ...answers: readonly (readonly Said[])[]) {
  const model = new ScriptedChatModel(...answers);
  const ask = tool(async () => String(interrupt('Well?')), {
    name: 'ask',
    description: 'Asks',
    schema: anyInput,
  });
  return { model, agent: adapt(() => makeAgent({ model, tools: [look, ask], checkpointer })) };
}

test('with a checkpointer of the user, the snapshot names thread and checkpoint, and an edit forks there', async () => {
  const checkpointer = new MemorySaver();
  const { agent, model } = stageOwn(
    checkpointer,
    [{ text: 'One.' }],
    [{ text: 'Two.' }],
    [{ text: 'Other.' }],
  );
  const first = await runSaved(agent, { content: 'a', turn: 't1' });
  expect(first.saved).toEqual({ version: 1, thread: 's.t1.1', checkpoint: expect.any(String) });
  const second = await runSaved(agent, { content: 'b', turn: 't2', snapshot: first.saved });
  expect(second.saved).toMatchObject({ thread: 's.t1.1' });
  // The message b is edited: the turn goes on from the snapshot of the first one.
  const third = await runSaved(agent, { content: 'c', turn: 't3', snapshot: first.saved });
  expect(textsOf(model)).toEqual([
    ['human', 'a'],
    ['ai', 'One.'],
    ['human', 'c'],
  ]);
  expect(standingText(third.events)).toBe('Other.');
  // The messages that were edited away are still there for a session that goes on from it.
  await runTurn(agent, { content: 'd', turn: 't4', snapshot: second.saved });
  expect(textsOf(model).map(([, text]) => text)).toEqual(['a', 'One.', 'b', 'Two.', 'd']);
});

test('a checkpoint that is gone, and a run that waits, are built from the log on a new thread', async () => {
  const lost = await runSaved(stageOwn(new MemorySaver(), [{ text: 'One.' }]).agent, { turn: 't1' });
  const checkpointer = new MemorySaver();
  const { agent, model } = stageOwn(checkpointer, [{ tool: 'ask', id: 'c1' }], [{ text: 'All right.' }]);
  const waiting = await runSaved(agent, { content: 'x', turn: 't2', snapshot: lost.saved, history });
  expect(textsOf(model)).toHaveLength(5);
  const { saved, events } = await runSaved(agent, {
    content: 'y',
    turn: 't3',
    snapshot: waiting.saved,
    history,
  });
  expect(saved).toMatchObject({ thread: 's.t3.1' });
  expect(standingText(events)).toBe('All right.');
  expect(Object.keys(checkpointer.storage)).toEqual(['s.t2.1', 's.t3.1']);
});

test('a run that waits in a checkpointer of the user goes on there', async () => {
  const checkpointer = new MemorySaver();
  const { agent, model } = stageOwn(
    checkpointer,
    [{ text: 'I ask.' }, { tool: 'ask', id: 'c1' }, { tool: 'look', id: 'c2' }],
    [{ text: 'Thanks.' }],
  );
  const first = await runSaved(agent, { turn: 't1' });
  const answers = answerAll(first.events, 'Yes.');
  const { events, saved } = await runSaved(agent, { turn: 't2', snapshot: first.saved, answers });
  expect(saved).toMatchObject({ thread: 's.t1.1' });
  expect(standingText(events)).toBe('Thanks.');
  expect(events.filter(({ type }) => type === 'tool_result')).toMatchObject([{ call: 'c1', output: 'Yes.' }]);
  expect(textsOf(model).map(([type]) => type)).toEqual(['human', 'ai', 'tool', 'tool']);
});

test('what is too long to save is left to the log, and cannot wait', async () => {
  const long = 'x'.repeat(9 * 1024 * 1024);
  const stage = (doesAsk: boolean): Agent =>
    adapt((checkpointer) =>
      new StateGraph(MessagesAnnotation)
        .addNode('say', () => ({ messages: [{ role: 'system', content: long }] }))
        .addNode('ask', () => (doesAsk ? { messages: [String(interrupt('Well?'))] } : {}))
        .addEdge(START, 'say')
        .addEdge('say', 'ask')
        .compile({ checkpointer }),
    );
  expect((await runSaved(stage(false))).saved).toBeUndefined();
  await expect(runTurn(stage(true))).rejects.toMatchObject({ code: 'approval_unsupported' });
});

test('a file that is no base64 fails its turn, and no later one', async () => {
  const odd = [{ type: 'image', media_type: 'image/png', data: 'https://example.com/x.png' }] as const;
  const model = new ScriptedChatModel([{ text: 'Hi.' }]);
  const agent = adapt((checkpointer) => makeAgent({ model, tools: [], checkpointer }));
  await expect(runTurn(agent, { content: odd })).rejects.toMatchObject({ code: 'unsupported_content' });
  await runTurn(agent, {
    history: [
      sentIn('t0', odd),
      saidIn('t0', [{ type: 'text', part: 'p', text: 'I see nothing.', open: false }]),
    ],
  });
  expect(textsOf(model)).toEqual([
    ['human', '(a file that could not be read)'],
    ['ai', 'I see nothing.'],
    ['human', 'Hello'],
  ]);
});
