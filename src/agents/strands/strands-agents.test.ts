import { Agent, Graph, Swarm, tool } from '@strands-agents/sdk';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { strands } from './index.ts';
import { runTurn, standingText } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';
import type { Said } from './scripted-model.fixture.ts';

const scripted = (id: string, ...answers: readonly (readonly Said[])[]) =>
  new Agent({ id, name: id, model: new ScriptedModel(...answers), printer: false });

const call = (name: string): Said => ({ tool: name, id: name, input: { input: 'x' } });
const decide = (input: unknown): Said => ({ tool: 'strands_structured_output', id: 'c1', input });

const counting = tool({
  name: 'count',
  description: 'Counts',
  inputSchema: z.object({}),
  async *callback() {
    yield 'one';
    return 'two';
  },
});

test('an agent used as a tool speaks under the name of the tool, and so do its own tools', async () => {
  const agent = strands(() => {
    const inner = new Agent({
      name: 'researcher',
      model: new ScriptedModel([{ text: 'Looking.' }, { tool: 'count', id: 'c1' }], [{ text: 'Found it.' }]),
      tools: [counting],
      printer: false,
    });
    // The outer call has the same id as the inner one: an id is unique only to the model that made it.
    const model = new ScriptedModel(
      [{ tool: 'researcher', id: 'c1', input: { input: 'go' } }],
      [{ text: 'Here you are.' }],
    );
    return new Agent({ model, tools: [inner], printer: false });
  });
  const events = await runTurn(agent);
  expect(standingText(events)).toBe('Here you are.');
  expect(standingText(events, 'researcher')).toBe('Looking.Found it.');
  expect(events).toContainEqual({ type: 'tool_progress', call: 'c1-2', data: 'one', agent: ['researcher'] });
  expect(events).toContainEqual({
    type: 'tool_result',
    call: 'c1-2',
    output: 'two',
    status: 'ok',
    agent: ['researcher'],
  });
  expect(events).toContainEqual({ type: 'tool_result', call: 'c1', output: 'Found it.', status: 'ok' });
});

test('agents used as tools three deep have the whole path', async () => {
  const agent = strands(() => {
    const deep = scripted('deep', [{ text: 'Deep.' }]);
    const middleModel = new ScriptedModel([call('deep')], [{ text: 'Middle.' }]);
    const middle = new Agent({ name: 'middle', model: middleModel, tools: [deep], printer: false });
    const model = new ScriptedModel([call('middle')], [{ text: 'Top.' }]);
    return new Agent({ model, tools: [middle], printer: false });
  });
  const events = await runTurn(agent);
  expect(standingText(events, 'middle/deep')).toBe('Deep.');
  expect(standingText(events, 'middle')).toBe('Middle.');
  expect(standingText(events)).toBe('Top.');
});

test('a delegate speaks in its own name, and its answer is not said twice', async () => {
  const agent = strands(() => {
    const inner = scripted('expert', [{ text: 'The expert says so.' }]);
    const model = new ScriptedModel([{ tool: 'expert', id: 'c1', input: { input: 'x' } }]);
    return new Agent({ model, tools: [inner.asTool({ delegate: true })], printer: false });
  });
  const events = await runTurn(agent);
  expect(standingText(events, 'expert')).toBe('The expert says so.');
  expect(standingText(events)).toBe('');
});

test('the nodes of a graph speak under their ids, also when they speak at once', async () => {
  const gate = Promise.withResolvers<void>();
  const agent = strands(
    () =>
      new Graph({
        nodes: [
          scripted('left', [{ text: 'Left ' }, { wait: gate.promise }, { text: 'done.' }]),
          new Agent({
            id: 'right',
            name: 'right',
            model: new ScriptedModel(() => {
              gate.resolve();
              return [{ text: 'Right done.' }];
            }),
            printer: false,
          }),
          scripted('last', [{ text: 'All done.' }]),
        ],
        edges: [
          ['left', 'last'],
          ['right', 'last'],
        ],
        maxSteps: 4,
      }),
  );
  const events = await runTurn(agent);
  expect(standingText(events, 'left')).toBe('Left done.');
  expect(standingText(events, 'right')).toBe('Right done.');
  expect(standingText(events, 'last')).toBe('All done.');
  expect(standingText(events)).toBe('');
  expect(events.at(-1)).toEqual({ type: 'stop', reason: 'end_turn' });
});

test('a graph inside a graph keeps both names', async () => {
  const agent = strands(() => {
    const inner = new Graph({
      id: 'team',
      nodes: [scripted('member', [{ text: 'Hi.' }])],
      edges: [],
      maxSteps: 4,
    });
    return new Graph({ nodes: [inner], edges: [], maxSteps: 4 });
  });
  expect(standingText(await runTurn(agent), 'team/member')).toBe('Hi.');
});

test('a node that fails makes the turn fail', async () => {
  const agent = strands(
    () => new Graph({ nodes: [scripted('only', [{ fail: new Error('secret') }])], edges: [], maxSteps: 4 }),
  );
  await expect(runTurn(agent)).rejects.toMatchObject({ code: 'model_failed' });
});

test('a swarm reports its handoffs, and its final text is text', async () => {
  const agent = strands(
    () =>
      new Swarm({
        nodes: [
          scripted('first', [decide({ agentId: 'second', message: 'Please take over.' })]),
          scripted('second', [{ text: 'Thinking aloud.' }], [decide({ message: 'The final answer.' })]),
        ],
        start: 'first',
        maxSteps: 4,
      }),
  );
  const events = await runTurn(agent);
  expect(events).toContainEqual({
    type: 'custom',
    name: 'handoff',
    data: { source: 'first', targets: ['second'] },
  });
  expect(standingText(events, 'second')).toBe('');
  expect(standingText(events)).toBe('The final answer.');
});

test('a graph gets the new message, and its agents get the conversation from the factory', async () => {
  const model = new ScriptedModel([{ text: 'ok' }]);
  const agent = strands(
    ({ messages }) =>
      new Graph({
        nodes: [new Agent({ id: 'node', model, messages: [...messages], printer: false })],
        edges: [],
        maxSteps: 4,
      }),
  );
  const history = [
    { role: 'user', message: 'm', turn: 't0', at: 0, content: 'Before', status: 'started' },
    {
      role: 'agent',
      turn: 't0',
      message: 'm',
      at: 0,
      attempt: 1,
      openSteps: [],
      outcome: 'completed',
      parts: [{ type: 'text', part: 'p', text: 'Yes.', open: false, agent: ['node'] }],
    },
  ] as const;
  await runTurn(agent, { history, content: 'Now' });
  expect(model.calls).toEqual([
    [
      { role: 'user', content: [{ text: 'Before' }] },
      { role: 'assistant', content: [{ text: 'Yes.' }] },
      { role: 'user', content: [{ text: 'Now' }] },
    ],
  ]);
});
