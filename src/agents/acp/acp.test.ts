import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Agent, AgentEvent, MessageState } from '../../protocol/index.ts';
import { answerAll, runSaved, runTurn, standingText } from '../kit/run-turn.fixture.ts';
import type { RunTurn } from '../kit/run-turn.fixture.ts';
import { sdkAgent } from './acp-oracle.fixture.ts';
import { acpTimes, createAcp } from './acp.ts';
import type { AcpOptions } from './acp.ts';
import type { AcpTimes } from './create-acp-worker.ts';
import type { PlayStep } from './sdk-agent.fixture.ts';

const agents: Agent[] = [];
afterEach(async () => {
  await Promise.all(agents.splice(0).map(async ({ close }) => close?.()));
});

type Opened = { readonly agent: Agent; readonly logged: readonly string[] };

/** Makes an agent that is closed after the test. */
function open(options: AcpOptions = sdkAgent(), times: Partial<AcpTimes> = {}): Opened {
  const logged: string[] = [];
  const short = { ...acpTimes, readyMs: 10_000, cancelMs: 500, endMs: 50, killMs: 100, restMs: 10, ...times };
  const agent = createAcp({ log: (line) => logged.push(line), ...options }, short);
  agents.push(agent);
  return { agent, logged };
}

const play = (...steps: readonly PlayStep[]): string => JSON.stringify({ play: steps });
const text = (data: string): PlayStep => ({
  update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: data } },
});
const tool: PlayStep = {
  update: {
    sessionUpdate: 'tool_call',
    toolCallId: 'c',
    title: 'Run make',
    kind: 'execute',
    status: 'pending',
  },
};
const ask: PlayStep = { permission: { toolCallId: 'c', rawInput: { command: 'make' } } };

/** The part of the log that belongs to a turn. */
const past = (turn: string): readonly MessageState[] => [
  { role: 'user', message: `u-${turn}`, turn, at: 0, content: 'Hi', status: 'started' },
  {
    role: 'agent',
    message: `a-${turn}`,
    turn,
    at: 0,
    attempt: 1,
    openSteps: [],
    parts: [{ type: 'text', part: 'p', text: 'Hello', open: false }],
  },
];

/** Runs a turn that asks, and returns what is needed to go on. */
async function askOnce(agent: Agent, ...after: readonly PlayStep[]) {
  const { events, saved } = await runSaved(agent, { turn: 't0', content: play(tool, ask, ...after) });
  const goOn = (decision: unknown, more: RunTurn = {}): Promise<Exclude<AgentEvent, string>[]> =>
    runTurn(agent, { turn: 't1', snapshot: saved, answers: answerAll(events, decision), ...more });
  return { events, saved, goOn };
}

test.each<[string, AcpOptions, string]>([
  [
    'that does not exist',
    { command: 'no-such-command', cwd: '/' },
    'cannot start: there is no command no-such-command.',
  ],
  [
    'in a folder that does not exist',
    { command: 'sh', cwd: '/no/folder' },
    'cannot start: there is no folder /no/folder.',
  ],
  [
    'that ends at once',
    { command: 'sh', args: ['-c', 'echo no key >&2; exit 3'], cwd: '/' },
    'ended with code 3.\nno key',
  ],
  [
    'that speaks another version',
    {
      command: 'sh',
      args: ['-c', `read line; echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":2}}'; cat`],
      cwd: '/',
    },
    'speaks version 2 of the Agent Client Protocol, and not 1.',
  ],
  [
    'that refuses to greet',
    {
      command: 'sh',
      args: ['-c', `read line; echo '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"No."}}'; cat`],
      cwd: '/',
    },
    'did not greet. The agent answered initialize with error -32603: No.',
  ],
])('a command %s does not start, and its turns fail', async (_, options, reason) => {
  const message = `The process of the agent ${reason}`;
  const { agent } = open(options);
  await expect(agent.start?.()).rejects.toThrow(message);
  await expect(runTurn(open(options).agent)).rejects.toMatchObject({
    code: 'agent_lost',
    cause: { message },
  });
});

test('a command that writes garbage is not ready in time, and the garbage goes to the log', async () => {
  const garbage = { command: 'sh', args: ['-c', 'echo Welcome; echo "{}"; read a; read b'], cwd: '/' };
  const { agent, logged } = open(garbage, { readyMs: 200 });
  await expect(agent.start?.()).rejects.toThrow('The process of the agent was not ready within 0.2 s.');
  expect(logged).toEqual(['Welcome', '{}']);
});

test.each([[{ command: '', cwd: '/' }], [{ command: 'x', cwd: '' }], [{ command: 'x' } as AcpOptions]])(
  '%j is refused',
  (options) => {
    expect(() => open(options)).toThrow(TypeError);
  },
);

test('text, thoughts, a plan and a tool, and requests of an editor are refused', async () => {
  const { agent, logged } = open();
  const events = await runTurn(agent, {
    content: play(
      { update: { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'Hm.' } } },
      {
        update: { sessionUpdate: 'plan', entries: [{ content: 'Look', priority: 'low', status: 'pending' }] },
      },
      { print: 'Loading …' },
      tool,
      {
        update: {
          sessionUpdate: 'tool_call_update',
          toolCallId: 'c',
          status: 'completed',
          rawOutput: 'made',
        },
      },
      { request: 'fs/read_text_file' },
      { request: 'terminal/create' },
      text('Done.'),
    ),
  });
  expect(events.filter(({ type }) => type !== 'step_start')).toEqual([
    { type: 'reasoning', data: 'Hm.' },
    {
      type: 'custom',
      name: 'plan',
      data: { entries: [{ content: 'Look', priority: 'low', status: 'pending' }] },
    },
    { type: 'tool_use_start', call: 'c', tool: 'execute' },
    { type: 'tool_use', call: 'c', tool: 'execute', input: { title: 'Run make' } },
    { type: 'tool_result', call: 'c', output: 'made', status: 'ok' },
    { type: 'content', data: '<-32601>' },
    { type: 'content', data: '<-32601>' },
    { type: 'content', data: 'Done.' },
    { type: 'stop', reason: 'end_turn' },
  ]);
  expect(logged).toEqual(['Loading …']);
});

test('a permission request is an approval, and its answer goes on in the next turn', async () => {
  const { agent } = open();
  const decisions = [
    [true, '<yes>'],
    [false, '<no>'],
    ['always', '<always>'],
    [{ optionId: 'always' }, '<always>'],
  ] as const;
  for (const [index, [decision, said]] of decisions.entries()) {
    const { events, goOn } = await askOnce(agent, text('Done.'));
    expect(events.slice(-3)).toEqual([
      { type: 'tool_use_start', call: 'c', tool: 'execute' },
      { type: 'tool_use', call: 'c', tool: 'execute', input: { command: 'make' } },
      {
        type: 'approval_request',
        approval: expect.stringMatching(/^a_\w{16}$/),
        call: 'c',
        reason: expect.objectContaining({ title: 'Run make' }),
      },
    ]);
    const next = await goOn(decision);
    expect(next.slice(0, 2), `decision ${index}`).toEqual([
      { type: 'step_start' },
      { type: 'tool_use', call: 'c', tool: 'execute', input: { command: 'make' } },
    ]);
    expect(standingText(next)).toBe(`${said}Done.`);
  }
});

test('two questions after one another are two turns', async () => {
  const { agent } = open();
  const { events, saved } = await runSaved(agent, {
    turn: 't0',
    content: play(tool, ask, ask, text('Done.')),
  });
  const second = await runSaved(agent, { turn: 't1', snapshot: saved, answers: answerAll(events, true) });
  expect(second.events.at(-1)).toMatchObject({ type: 'approval_request', call: 'c' });
  const answers = answerAll(second.events, false);
  // The answers of another turn are for nothing that waits.
  await expect(runTurn(agent, { turn: 't9', answers: answerAll(events, true) })).rejects.toMatchObject({
    code: 'approval_lost',
  });
  const last = await runTurn({ ...agent, open: resuming(agent, 't1') }, { turn: 't2', answers });
  expect(standingText(last)).toBe('<no>Done.');
});

test('a message in place of the answer cancels the question, and the conversation goes on there', async () => {
  const { agent } = open();
  const { saved } = await askOnce(agent, text('Never said.'));
  const events = await runTurn(agent, {
    turn: 't1',
    content: play(text('All right.')),
    history: past('t0'),
    snapshot: saved,
  });
  expect(standingText(events)).toBe('All right.');
});

test('an answer fails after the end of the process, and the next turn has another process', async () => {
  const { agent } = open();
  const { goOn } = await askOnce(agent);
  await expect(runTurn(agent, { session: 'other', content: play({ exit: 3 }) })).rejects.toMatchObject({
    code: 'agent_lost',
    cause: { message: 'The process of the agent ended with code 3.' },
  });
  await expect(goOn(true)).rejects.toMatchObject({ code: 'approval_lost' });
  const events = await runTurn(agent, { session: 'other', turn: 't2', content: play(text('Back.')) });
  expect(standingText(events)).toBe('Back.');
});

test('a cancelled turn ends when the agent has ended it; an agent that goes on is left behind', async () => {
  const { agent } = open();
  const stop = new AbortController();
  const events = await runTurn(agent, {
    turn: 't0',
    content: play(text('One'), { wait: true }),
    signal: stop.signal,
    onEvent: ({ type }) => {
      if (type === 'content') stop.abort();
    },
  });
  expect(standingText(events)).toBe('One');
  expect(await pastOf(agent, { turn: 't1', history: past('t0') })).toBe('');

  const deaf = open(sdkAgent('resume deaf'), { cancelMs: 50 });
  const late = new AbortController();
  await runTurn(deaf.agent, {
    turn: 't0',
    content: play(text('One'), { wait: true }),
    signal: late.signal,
    onEvent: ({ type }) => {
      if (type === 'content') late.abort();
    },
  });
  expect(await pastOf(deaf.agent, { turn: 't1', history: past('t0') })).toContain('"Hello"');
});

test('a conversation that went another way is told anew; one that went on is not', async () => {
  const { agent } = open();
  const { saved } = await runSaved(agent, { turn: 't0', content: play(text('Hi')) });
  const { saved: later } = await runSaved(agent, {
    turn: 't1',
    content: 'Go on',
    history: past('t0'),
    snapshot: saved,
  });
  expect(later).toEqual(saved);
  // The user has edited the message of t1.
  expect(await pastOf(agent, { turn: 't2', history: past('t0'), snapshot: saved })).toContain('"Hello"');
});

test.each([
  ['resume', ''],
  ['load', ''],
  ['', '"Hello"'],
])('another process: with "%s" its first prompt has %j', async (abilities, told) => {
  const { saved } = await runSaved(open(sdkAgent(abilities)).agent, {
    turn: 't0',
    content: play(text('Hi')),
  });
  const { agent } = open(sdkAgent(abilities));
  const said = await pastOf(agent, { turn: 't1', history: past('t0'), snapshot: saved });
  if (told === '') expect(said).toBe('');
  else expect(said).toContain(told);
});

test('a message that the agent does not take fails its turn, and the conversation goes on', async () => {
  const { agent } = open();
  const { saved } = await runSaved(agent, { turn: 't0', content: play(text('Hi')) });
  const image = [{ type: 'image', media_type: 'image/png', data: 'AA==' }] as const;
  const refused = runTurn(agent, { turn: 't1', content: image, history: past('t0'), snapshot: saved });
  await expect(refused).rejects.toMatchObject({ code: 'unsupported_content' });
  expect(await pastOf(agent, { turn: 't2', history: past('t1') })).toBe('');
});

test('an agent that refuses a prompt forgets it, so the next one has the conversation', async () => {
  const { agent } = open();
  const { events, saved } = await runSaved(agent, { turn: 't0', content: play({ stop: 'refusal' }) });
  expect([events, saved]).toEqual([[{ type: 'stop', reason: 'refusal' }], undefined]);
  expect(await pastOf(agent, { turn: 't1', history: past('t0') })).toContain('"Hello"');
});

test('a session works in the folder that the function returns', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-')));
  const { agent } = open({ ...sdkAgent(), cwd: ({ session }) => join(root, session) });
  const events = await runTurn(agent, { session: 'mine', content: play({ where: true }) });
  expect(standingText(events)).toBe(join(root, 'mine'));
});

test('an agent that is not logged in says so by a code', async () => {
  await expect(runTurn(open(sdkAgent('login')).agent)).rejects.toMatchObject({ code: 'model_auth' });
});

test('the variables of the server do not reach the process', async () => {
  vi.stubEnv('HEDDLE_SECRET', 'secret');
  const { agent } = open();
  vi.unstubAllEnvs();
  const events = await runTurn(agent, {
    content: play({ variable: 'HEDDLE_SECRET' }, { variable: 'ABILITIES' }),
  });
  expect(standingText(events)).toBe('<none>resume');
});

/** Runs a turn with a prompt that says what it was, and returns what came before the play. */
async function pastOf(agent: Agent, turn: RunTurn): Promise<string> {
  const content = 'What did you get?';
  const events = await runTurn(agent, { ...turn, content });
  return standingText(events).replace(content, '').trim();
}

/** Opens turns whose answers are those of another turn than `t0`. */
function resuming(agent: Agent, resumes: string): Agent['open'] {
  return (session) => (turn) =>
    agent.open(session)({ ...turn, input: { ...turn.input, resumes } as typeof turn.input });
}
