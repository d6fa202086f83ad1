// examples/python/heddle_agent.py by its lines.
import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { runTurn } from '../../src/agents/kit/run-turn.fixture.ts';
import { subprocess } from '../../src/agents/subprocess/index.ts';

/** Runs an agent with these lines as its whole input, and returns its lines. */
function run(answer: string, ...lines: readonly object[]) {
  const program = `import asyncio, datetime, heddle_agent\nfrom heddle_agent import AgentError\n${answer}\nheddle_agent.serve(answer)`;
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', ['-c', program], {
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: 'examples/python', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const [ready, ...said] = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  expect(ready).toEqual({ type: 'ready', version: 1, turns: 16 });
  return { said, stderr, status };
}

const start = {
  type: 'start',
  version: 1,
  turn: 't.1',
  attempt: 1,
  session: 's',
  owner: 'ada',
  thread: 's.t',
  prompt: 'Hi',
  input: { type: 'message', content: 'Hi' },
  messages: [],
  history: [],
};

test('a turn that is cancelled before its first step ends', () => {
  const { said } = run('async def answer(turn):\n  await asyncio.sleep(10)\n  yield "late"', start, {
    type: 'cancel',
    turn: 't.1',
  });
  expect(said).toEqual([{ type: 'end', turn: 't.1' }]);
});

test('values that are no JSON become texts, and prints go to the standard error', () => {
  const { said, stderr, status } = run(
    `async def answer(turn):
  print("stray")
  yield {"type": "custom", "name": "n", "data": [float("nan"), datetime.date(2026, 1, 2)]}
  yield turn.turn`,
    start,
  );
  expect(said).toEqual([
    { type: 'custom', name: 'n', data: ['nan', '2026-01-02'], turn: 't.1' },
    { type: 'content', data: 't', turn: 't.1' },
    { type: 'end', turn: 't.1' },
  ]);
  expect([stderr, status]).toEqual(['stray\n', 0]);
});

test.each([
  ['raise AgentError("too_big", "Too big.")', { code: 'too_big', message: 'Too big.' }],
  [
    'raise ValueError("secret")',
    { message: 'ValueError: secret', detail: expect.stringContaining('Traceback') },
  ],
])('%s ends the turn with its error', (failure, error) => {
  const { said } = run(`async def answer(turn):\n  ${failure}\n  yield`, start);
  expect(said).toEqual([{ type: 'error', turn: 't.1', ...error }]);
});

test('a function that does not yield is explained', () => {
  const { said } = run('async def answer(turn):\n  return "Hi"', start);
  expect(said).toMatchObject([
    { message: 'TypeError: answer() is no async generator: write `async def` and `yield` in it' },
  ]);
});

test('a call whose name is a number is taken', async () => {
  const program = `import heddle_agent
async def answer(turn):
  yield {"type": "tool_use", "call": 5, "tool": "t", "input": {}}
  yield "ran"
heddle_agent.serve(answer)`;
  const agent = subprocess({
    command: '/usr/bin/python3',
    args: ['-c', program],
    env: { PYTHONPATH: 'examples/python', PYTHONDONTWRITEBYTECODE: '1' },
  });
  onTestFinished(async () => agent.close?.());
  expect(await runTurn(agent)).toMatchObject([{ type: 'tool_use', call: '5' }, { data: 'ran' }]);
});

test('a tool of a turn that is cancelled before its call is taken does not run', () => {
  const { said } = run(
    'async def answer(turn):\n  yield {"type": "tool_use", "call": "c", "tool": "t", "input": {}}\n  yield "ran"',
    start,
  );
  expect(said.at(-1)).toEqual({ type: 'end', turn: 't.1' });
  expect(JSON.stringify(said)).not.toContain('ran');
});
