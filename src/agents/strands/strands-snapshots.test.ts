import {
  Agent,
  BeforeInvocationEvent,
  BeforeModelCallEvent,
  ImageBlock,
  SlidingWindowConversationManager,
  tool,
} from '@strands-agents/sdk';
import type { AgentConfig, MessageData } from '@strands-agents/sdk';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { MessageState } from '../../protocol/index.ts';
import { strands } from './index.ts';
import { answerAll, runSaved, runTurn } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';
import type { Said } from './scripted-model.fixture.ts';

const made = (answers: readonly (readonly Said[])[], config: AgentConfig = {}, snapshots = true) => {
  const model = new ScriptedModel(...answers);
  return { model, agent: strands(() => new Agent({ model, printer: false, ...config }), { snapshots }) };
};

const user = (text: string): MessageData => ({ role: 'user', content: [{ text }] });
const assistant = (text: string): MessageData => ({ role: 'assistant', content: [{ text }] });

/** The conversation in the log. Its words differ from those of every snapshot here, to tell the two apart. */
const history: readonly MessageState[] = [
  { role: 'user', message: 'm', turn: 't0', at: 0, content: 'From the log', status: 'started' },
];

test('signatures, citations and media in results, which the log lacks, survive between turns', async () => {
  const draw = tool({
    name: 'draw',
    description: 'Draws',
    inputSchema: z.object({}),
    callback: () => new ImageBlock({ format: 'png', source: { bytes: new Uint8Array([1, 2, 3]) } }),
  });
  const first = made(
    [
      [
        { reasoning: 'I must draw.', signature: 'signed' },
        { tool: 'draw', id: 'c1' },
      ],
      [{ cites: 'https://example.org', text: 'As they say.' }, { usage: [10, 2] }],
    ],
    { tools: [draw] },
  );
  const { saved } = await runSaved(first.agent);
  const second = made([[{ text: 'Bye.' }]], { tools: [draw] });
  await runTurn(second.agent, { snapshot: saved, history, content: 'Thanks' });
  expect(second.model.calls).toMatchObject([
    [
      user('Hello'),
      {
        role: 'assistant',
        content: [
          { reasoning: { text: 'I must draw.', signature: 'signed' } },
          { toolUse: { name: 'draw', toolUseId: 'c1', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            toolResult: {
              toolUseId: 'c1',
              status: 'success',
              content: [{ image: { format: 'png', source: { bytes: 'AQID' } } }],
            },
          },
        ],
      },
      {
        role: 'assistant',
        content: [
          {
            citations: {
              citations: [{ source: 'https://example.org' }],
              content: [{ text: 'As they say.' }],
            },
          },
        ],
      },
      user('Thanks'),
    ],
  ]);
});

test('the factory’s own messages are not doubled, and the prompt of the code is used', async () => {
  const seeds = () => [user('Seed'), assistant('Sown')];
  let snapshot: unknown;
  for (const said of ['One', 'Two', 'Three']) {
    const { agent, model } = made([[{ text: `${said}!` }]], {
      messages: seeds(),
      systemPrompt: `Prompt ${said}`,
    });
    const { saved } = await runSaved(agent, { content: said, snapshot });
    expect(JSON.stringify(saved)).not.toMatch(/Prompt|Seed/);
    snapshot = saved;
    if (said !== 'Three') continue;
    expect(model.calls).toEqual([
      [
        user('Seed'),
        assistant('Sown'),
        user('One'),
        assistant('One!'),
        user('Two'),
        assistant('Two!'),
        user('Three'),
      ],
    ]);
  }
});

test('a turn that goes on after an approval saves the whole conversation', async () => {
  const ask = tool({
    name: 'ask',
    description: 'Asks',
    inputSchema: z.object({}),
    callback: (_input, context) => String(context?.interrupt({ name: 'ask' })),
  });
  const config = () => ({ tools: [ask], messages: [user('Seed'), assistant('Sown')] });
  const first = await runSaved(made([[{ tool: 'ask', id: 'c1' }]], config()).agent);
  const second = await runSaved(made([[{ text: 'Done.' }]], config()).agent, {
    snapshot: first.saved,
    answers: answerAll(first.events, 'yes'),
  });
  const third = made([[{ text: 'Bye.' }]], config());
  await runTurn(third.agent, { snapshot: second.saved, content: 'Next' });
  expect(third.model.calls).toMatchObject([
    [
      user('Seed'),
      assistant('Sown'),
      user('Hello'),
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'c1' } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'c1', content: [{ text: 'yes' }] } }] },
      assistant('Done.'),
      user('Next'),
    ],
  ]);
});

test('text that a guardrail removed does not come back', async () => {
  const { agent } = made([
    [
      { reasoning: 'secret-thought' },
      { text: 'secret-answer' },
      { redact: '[removed]' },
      { redactInput: '[blocked]' },
    ],
  ]);
  const { saved } = await runSaved(agent, { content: 'secret-question' });
  expect(JSON.stringify(saved)).not.toContain('secret');
  const next = made([[{ text: 'Hi.' }]]);
  await runTurn(next.agent, { snapshot: saved, content: 'Next' });
  expect(next.model.calls).toEqual([[user('[blocked]'), assistant('[removed]'), user('Next')]]);
});

test('a tool’s result that a guardrail removed does not come back, and the question stays', async () => {
  const read = tool({
    name: 'read',
    description: 'Reads',
    inputSchema: z.object({}),
    callback: () => 'secret',
  });
  const { agent } = made([[{ tool: 'read', id: 'c1' }], [{ text: 'No.' }, { redactInput: '[blocked]' }]], {
    tools: [read],
  });
  const { saved } = await runSaved(agent);
  expect(JSON.stringify(saved)).not.toContain('secret');
  expect(JSON.stringify(saved)).toMatch(/Hello.*\[blocked\]/);
});

test.each([
  ['is switched off', { version: 1, messages: [user('Saved'), assistant('Yes')] }, false],
  ['is of another version', { version: 2, messages: [user('Saved'), assistant('Yes')] }, true],
  ['is no snapshot', 'text', true],
  ['holds something that is no message', { version: 1, messages: [user('Saved'), 7] }, true],
  [
    'holds a block of an unknown kind',
    { version: 1, messages: [{ role: 'user', content: [{ hologram: {} }] }] },
    true,
  ],
  [
    'holds a call without its result',
    {
      version: 1,
      messages: [
        user('Saved'),
        { role: 'assistant', content: [{ toolUse: { name: 'a', toolUseId: 'c', input: {} } }] },
      ],
    },
    true,
  ],
  [
    'holds a result without its call',
    {
      version: 1,
      messages: [
        user('Saved'),
        assistant('Yes'),
        { role: 'user', content: [{ toolResult: { toolUseId: 'c', status: 'success', content: [] } }] },
      ],
    },
    true,
  ],
  ['says nothing', { version: 1, messages: [] }, true],
])('a snapshot that %s is not used: the log has the conversation', async (_why, snapshot, snapshots) => {
  const { agent, model } = made([[{ text: 'Hi.' }]], {}, snapshots);
  await runTurn(agent, { snapshot, history, content: 'Now' });
  expect(model.calls).toEqual([[{ role: 'user', content: [{ text: 'From the log' }, { text: 'Now' }] }]]);
});

test('after a snapshot that ends with a person’s message, the next message is merged into it', async () => {
  const { agent, model } = made([[{ text: 'Hi.' }]]);
  await runTurn(agent, { snapshot: { version: 1, messages: [user('Saved')] }, content: 'Now' });
  expect(model.calls).toEqual([[{ role: 'user', content: [{ text: 'Saved' }, { text: 'Now' }] }]]);
});

test('no snapshot makes a turn fail', async () => {
  const kind = fc.constantFrom(
    'text',
    'image',
    'document',
    'video',
    'audio',
    'reasoning',
    'citations',
    'guardContent',
    'cachePoint',
    'toolUse',
    'toolResult',
    'hologram',
  );
  const block = fc.oneof(
    fc.record({ text: fc.string() }),
    fc.tuple(kind, fc.oneof(fc.object(), fc.anything())).map(([key, value]) => ({ [key]: value })),
    fc.anything(),
  );
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant'),
    content: fc.array(block, { maxLength: 3 }),
  });
  const waiting = fc.record({ run: fc.object(), interrupts: fc.constant([]), calls: fc.constant([]) });
  const snapshot = fc.record(
    {
      version: fc.constant(1),
      messages: fc.array(fc.oneof({ weight: 9, arbitrary: message }, fc.anything()), { maxLength: 4 }),
      waiting: fc.oneof(waiting, fc.anything()),
    },
    { requiredKeys: ['version', 'messages'] },
  );
  await fc.assert(
    fc.asyncProperty(snapshot, async (saved) => {
      const { agent, model } = made([[{ text: 'Hi.' }]], { messages: [user('Seed'), assistant('Sown')] });
      await runTurn(agent, { snapshot: toJson(saved), history, content: 'Now' });
      expect(model.calls[0]?.slice(0, 2)).toEqual([user('Seed'), assistant('Sown')]);
      expect(JSON.stringify(model.calls[0]?.at(-1))).toContain('Now');
    }),
    { numRuns: 200 },
  );
});

function toJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    return 'not JSON';
  }
}

test('a turn that was cancelled, failed or kept from the agent by a hook saves nothing', async () => {
  const cancel = new AbortController();
  const cancelled = await runSaved(made([[{ text: 'One two' }]]).agent, {
    signal: cancel.signal,
    onEvent: (event) => event.type === 'content' && cancel.abort(),
  });
  expect(cancelled.saved).toBeUndefined();

  const own = strands(() => {
    const agent = new Agent({ model: new ScriptedModel([{ text: 'One two' }]), printer: false });
    agent.addHook(BeforeModelCallEvent, () => agent.cancel());
    return agent;
  });
  expect((await runSaved(own)).saved).toBeUndefined();

  const saves: unknown[] = [];
  const broken = made([[{ fail: new Error('broken') }]]).agent;
  await expect(runTurn(broken, { save: (snapshot) => saves.push(snapshot) })).rejects.toThrow();
  expect(saves).toEqual([]);

  const hooked = strands(() => {
    const agent = new Agent({ model: new ScriptedModel([{ text: 'never' }]), printer: false });
    agent.addHook(BeforeInvocationEvent, (event) => {
      event.cancel = 'Not today.';
    });
    return agent;
  });
  expect((await runSaved(hooked, { history })).saved).toBeUndefined();
});

test('nothing is saved if snapshots are off, or if it is too long', async () => {
  expect((await runSaved(made([[{ text: 'Hi.' }]], {}, false).agent)).saved).toBeUndefined();
  const long = 'x'.repeat(8 * 1024 * 1024);
  expect((await runSaved(made([[{ text: 'Hi.' }]]).agent, { content: long })).saved).toBeUndefined();
});

test('an agent that forgets its oldest messages saves what it still knows', async () => {
  let snapshot: unknown;
  for (const content of ['One', 'Two', 'Three', 'Four']) {
    const { agent, model } = made([[{ text: `${content}!` }]], {
      conversationManager: new SlidingWindowConversationManager({ windowSize: 2 }),
      messages: [user('Seed'), assistant('Sown')],
    });
    snapshot = (await runSaved(agent, { snapshot, content })).saved;
    expect(JSON.stringify(snapshot)).toContain(content);
    expect(JSON.stringify(snapshot)).not.toContain('Seed');
    expect(model.calls).toHaveLength(1);
  }
  expect(JSON.stringify(snapshot)).not.toContain('One');
});
