import { Agent, Graph, tool } from '@strands-agents/sdk';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { strands } from './index.ts';
import { runTurn, standingText } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';

const forever = new Promise<never>(() => {});

test('a cancel in mid-text ends the turn and keeps what was said', async () => {
  const cancel = new AbortController();
  const model = new ScriptedModel([{ text: 'One two ' }, { wait: forever }, { text: 'three.' }]);
  const events = await runTurn(
    strands(() => new Agent({ model, printer: false })),
    {
      signal: cancel.signal,
      onEvent: (event) => event.type === 'content' && event.data === 'two ' && cancel.abort(),
    },
  );
  expect(standingText(events)).toBe('One two ');
  expect(events.at(-1)).toEqual({ type: 'stop', reason: 'cancelled' });
});

test('a cancel in mid-tool ends the call as cancelled', async () => {
  const cancel = new AbortController();
  const slow = tool({
    name: 'slow',
    description: 'Slow',
    inputSchema: z.object({}),
    async callback(_input, context) {
      const stopped = new Promise((resolve) => {
        context?.cancelSignal.addEventListener('abort', resolve, { once: true });
      });
      cancel.abort();
      await stopped;
      throw new Error('stopped');
    },
  });
  const model = new ScriptedModel([{ tool: 'slow', id: 'c1' }], [{ text: 'never said' }]);
  const events = await runTurn(
    strands(() => new Agent({ model, tools: [slow], printer: false })),
    {
      signal: cancel.signal,
      // The tool continues only when the next event is pulled. The abort comes while it waits.
      onEvent: (event) => event.type === 'tool_progress' && queueMicrotask(() => cancel.abort()),
    },
  );
  expect(events).toContainEqual({
    type: 'tool_result',
    call: 'c1',
    output: 'Error: stopped',
    status: 'cancelled',
  });
  expect(standingText(events)).toBe('');
});

test('a cancel of a graph ends quietly, though the SDK throws', async () => {
  const cancel = new AbortController();
  const node = new Agent({
    id: 'node',
    model: new ScriptedModel([{ text: 'One ' }, { wait: forever }]),
    printer: false,
  });
  const events = await runTurn(
    strands(() => new Graph({ nodes: [node], edges: [], maxSteps: 4 })),
    {
      signal: cancel.signal,
      onEvent: (event) => event.type === 'content' && cancel.abort(),
    },
  );
  expect(standingText(events, 'node')).toBe('One ');
});

test('a turn that was cancelled before it started does not run the model', async () => {
  const model = new ScriptedModel([{ text: 'Hi' }]);
  const agent = strands(() => new Agent({ model, printer: false }));
  expect(await runTurn(agent, { signal: AbortSignal.abort() })).toEqual([]);
  expect(model.calls).toEqual([]);
});

test('leaving a turn does not wait for a tool that hangs', async () => {
  const hang = tool({
    name: 'hang',
    description: 'Hangs',
    inputSchema: z.object({}),
    async *callback() {
      yield 'started';
      await forever;
      return 'never';
    },
  });
  const model = new ScriptedModel([{ tool: 'hang', id: 'c1' }]);
  const agent = strands(() => new Agent({ model, tools: [hang], printer: false }));
  const turn = agent.open({ session: 's', owner: 'ann' })({
    turn: 't',
    attempt: 1,
    input: { type: 'message', content: 'x' },
    signal: new AbortController().signal,
    history: () => [],
    save: () => {},
  });
  for await (const event of turn) {
    // Leaving a for-await loop waits until the generator has ended.
    if (typeof event !== 'string' && event.type === 'tool_progress') break;
  }
  expect(model.calls).toHaveLength(1);
});

test('fifty concurrent sessions over one model get only their own text', async () => {
  const model = new ScriptedModel((messages) => {
    const last = messages.at(-1)?.content[0];
    const prompt = last?.type === 'textBlock' ? last.text : '';
    return [{ text: `You said ` }, { wait: Promise.resolve() }, { text: prompt }];
  });
  const agent = strands(() => new Agent({ model, printer: false }));
  const canaries = Array.from({ length: 50 }, (_, index) => `canary-${index}-${crypto.randomUUID()}`);
  const answers = await Promise.all(
    canaries.map(async (content) => JSON.stringify(await runTurn(agent, { content, session: content }))),
  );
  for (const [index, answer] of answers.entries()) {
    const heard = canaries.filter((canary) => answer.includes(canary));
    expect(heard).toEqual([canaries[index]]);
  }
});
