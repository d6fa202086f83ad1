import { expect, test } from 'vitest';
import { isRecord, toAgentEvents } from '../../../protocol/internal.ts';
import { defineAgent } from 'heddle';
import type { Agent, AgentEvent, Turn } from 'heddle';
import { recogniseAgent } from './recognise-agent.ts';
import type { Vendor } from './vendor.ts';

/** A vendor whose agents have a mark, and whose adapter says what the factory has made. */
function createVendor(mark: string, { fields = [mark], isShared = false } = {}): Vendor {
  return {
    name: mark.toUpperCase(),
    door: `heddle/agents/${mark}`,
    fields,
    example: `export default () => new Agent('${mark}')`,
    isShared: () => isShared,
    is: (value) => isRecord(value) && value['mark'] === mark,
    adapt: (factory) => ({
      open: (session) => (turn) => {
        const context = { ...session, ...turn, ...Object.fromEntries(fields.map((field) => [field, field])) };
        const made = (factory as (context: object) => unknown)(context);
        return toAgentEvents((async () => `${mark} took ${JSON.stringify(await made)}`)());
      },
    }),
  };
}
const vendors = [
  { ...createVendor('red', { isShared: true }), instead: { messages: 'export default ({ red }) => red' } },
  createVendor('blue', { fields: ['call', 'more'] }),
];

async function recognise(exported: unknown) {
  const told: string[] = [];
  const agent = await recogniseAgent(exported, {
    path: 'agent.ts',
    loadVendors: async () => vendors,
    say: (sentence) => told.push(sentence),
    warn: (sentence) => told.push(`warning: ${sentence}`),
  });
  return { agent, told, answer: () => answerOf(agent) };
}

async function answerOf(agent: Agent): Promise<readonly AgentEvent[]> {
  const turn: Turn = {
    turn: 't1',
    attempt: 1,
    input: { type: 'message', content: 'Hi' },
    signal: new AbortController().signal,
    history: () => [],
    save: () => {},
  };
  const events: AgentEvent[] = [];
  for await (const event of agent.open({ session: 's1', owner: 'ada' })(turn)) events.push(event);
  return events;
}

const red = { mark: 'red' };
const blue = { mark: 'blue' };
const takesBlue = 'agent.ts makes agents of BLUE: heddle/agents/blue takes them';
const later = 'agent.ts is a function: its first turn shows which adapter takes what it returns';
const tookBlue = 'blue took {"mark":"blue"}';

test.each<readonly [string, unknown, string]>([
  ['a function', () => blue, takesBlue],
  ['an async function', async () => blue, takesBlue],
  ['a function that reads a field of one adapter', ({ call }: { call: string }) => call && blue, takesBlue],
])('%s that makes an agent of a vendor is recognised at the start', async (_, exported, sentence) => {
  const { told, answer } = await recognise(exported);
  expect(told).toEqual([sentence]);
  expect(await answer()).toEqual([tookBlue]);
  expect(await answer()).toEqual([tookBlue]);
  expect(told).toEqual([sentence]);
});

test.each<readonly [string, unknown]>([
  ['a function', ({ session }: { session: string }) => session && blue],
  ['an async function', async ({ owner }: { owner: string }) => owner && blue],
  ['a function that copies it', (context: object) => Object.keys({ ...context }).length && blue],
  ['a function that looks for a field of it', (context: object) => 'input' in context && blue],
  ['a function that reads it first', ({ session, more }: Record<string, string>) => session && more && blue],
  ['a function that catches all', (context: { input?: object }) => attempt(() => context.input) && blue],
])('%s that reads its turn is recognised in its first turn', async (_, exported) => {
  const { told, answer } = await recognise(exported);
  expect(told).toEqual([later]);
  expect(await answer()).toEqual([tookBlue]);
  expect(await answer()).toEqual([tookBlue]);
  expect(told).toEqual([later, takesBlue]);
});

function attempt(read: () => unknown): boolean {
  try {
    read();
  } catch {
    // The trial stops here.
  }
  return true;
}

test.each<readonly [string, unknown]>([
  [
    'a generator function',
    async function* () {
      yield 'Hi';
    },
  ],
  ['an agent of Heddle', defineAgent(async () => 'Hi')],
  ['a function that answers', async () => 'Hi'],
  [
    'a function that makes a generator function',
    () =>
      async function* () {
        yield 'Hi';
      },
  ],
  ['a function that makes a function that answers', async () => async () => 'Hi'],
  ['a function that makes an agent of Heddle', async () => defineAgent(() => 'Hi')],
])('%s answers without an adapter', async (_, exported) => {
  const { told, answer } = await recognise(exported);
  expect(told).toEqual([]);
  expect(await answer()).toEqual(['Hi']);
});

test.each<readonly [string, unknown]>([
  ['answers', async ({ input }: Turn) => input.type === 'message' && 'Hi'],
  [
    'makes a generator function',
    ({ turn }: Turn) =>
      async function* () {
        yield turn && 'Hi';
      },
  ],
  ['makes an agent of Heddle', ({ turn }: Turn) => turn && defineAgent(() => 'Hi')],
])('a function that reads its turn and %s needs no adapter', async (_, exported) => {
  const { told, answer } = await recognise(exported);
  expect(told).toEqual([later]);
  expect(await answer()).toEqual(['Hi']);
});

test('a function that makes an agent of Heddle is called once, and the agent keeps its facts', async () => {
  let calls = 0;
  const made = defineAgent({
    open: () => () => toAgentEvents('Hi'),
    onCrash: 'retry',
    start: async () => {},
  });
  const { agent, answer } = await recognise(async () => {
    calls += 1;
    return made;
  });
  expect([await answer(), await answer()]).toEqual([['Hi'], ['Hi']]);
  expect(calls).toBe(1);
  expect(agent).toBe(made);
});

test('one agent of a vendor is taken where it may work on many turns at once', async () => {
  const { told, answer } = await recognise(red);
  expect(told).toEqual(['agent.ts is an agent of RED: heddle/agents/red takes it']);
  expect(await answer()).toEqual(['red took {"mark":"red"}']);
});

test('one agent of another vendor is refused', async () => {
  await expect(recognise(blue)).rejects.toThrow(
    "The default export of agent.ts is one agent of BLUE, which cannot work on many turns at once. Export a function that makes one: export default () => new Agent('blue')",
  );
});

test('a function that is not done in the middle of its start is stopped before it acts on a turn', async () => {
  const acts: string[] = [];
  await recognise(async (turn: Turn) => {
    acts.push('begins');
    const { input } = turn;
    acts.push(`pays for ${JSON.stringify(input)}`);
  });
  expect(acts).toEqual(['begins']);
});

test('a generator function, and what defineAgent() makes, are not called at the start', async () => {
  let calls = 0;
  const count = (): string => `${(calls += 1)}`;
  await recognise(function* () {
    yield count();
  });
  await recognise(defineAgent(count));
  expect(calls).toBe(0);
});

test('a function that fails at the start is called again in each turn', async () => {
  let calls = 0;
  const { told, answer } = await recognise(() => {
    if ((calls += 1) === 1) throw new Error('no database\nat all');
    return blue;
  });
  expect(told).toEqual(['warning: agent.ts fails without a turn, and is called again in each: no database']);
  expect(await answer()).toEqual([tookBlue]);
});

class Weather {
  readonly rain = true;
}
const others =
  'A function may also make an agent of Strands, the AI SDK, the OpenAI Agents SDK or LangGraph.';
test.each<readonly [unknown, string]>([
  [42, 'this is the number 42.'],
  [undefined, 'this is nothing (undefined).'],
  [{ name: 'a' }, `this is an object with name. ${others}`],
  [Weather, 'this is a class (Weather). Give a function that makes one for each turn: () => new …'],
  [() => 42, "The agent's function gave the number 42."],
  [async () => ({ tools: [] }), "The agent's function gave an object with tools."],
  [() => undefined, "The agent's function gave nothing (undefined)."],
  [() => Weather, 'this is a class (Weather).'],
  [() => ({ tools: [] }), others],
])('%s is refused at the start', async (exported, words) => {
  await expect(recognise(exported)).rejects.toThrow(words);
});

test('a result that is nothing fails its turn only', async () => {
  const { answer } = await recognise(({ turn }: Turn) => (turn ? 42 : 'Hi'));
  await expect(answer()).rejects.toThrow("The agent's function gave the number 42.");
});

test('functions that make functions without end are refused', async () => {
  const endless = (): unknown => endless;
  const { answer } = await recognise(endless);
  await expect(answer()).rejects.toThrow("The agent's function gave a function (endless).");
});

const lacksMessages =
  'Its function reads "messages", and for RED there is none. Write: export default ({ red }) => red';

test('a field that a library has under another name is told at the start', async () => {
  await expect(recognise(({ messages }: Record<string, unknown>) => messages)).rejects.toThrow(
    expect.objectContaining({ name: 'ExitError', message: `agent.ts does not work. ${lacksMessages}` }),
  );
});

test('a field that a library has under another name is told in the turn that reads it', async () => {
  const { answer } = await recognise(({ input, messages }: Record<string, unknown>) => input && messages);
  await expect(answer()).rejects.toThrow(lacksMessages);
});

test.each<readonly [object, string]>([
  [{ lc_runnable: true, stream: () => {} }, 'a model or a chain of LangChain. Give createAgent('],
  [{ addNode: () => {}, compile: () => {} }, 'A graph of LangGraph is compiled first: graph.compile().'],
])('a value of LangChain that is no agent yet is refused with what to write: %#', async (value, words) => {
  await expect(recognise(value)).rejects.toThrow(words);
  await expect(recognise(() => value)).rejects.toThrow(words);
});
