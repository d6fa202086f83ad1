import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Agent, AgentEvent } from '../../protocol/index.ts';
import { runTurn } from '../kit/run-turn.fixture.ts';
import { processTimes } from '../process/index.ts';
import { createSubprocess } from './subprocess.ts';
import type { SubprocessOptions } from './subprocess.ts';

const agents: Agent[] = [];
const folder = mkdtempSync(join(tmpdir(), 'heddle-'));
afterEach(async () => {
  await Promise.all(agents.splice(0).map(async ({ close }) => close?.()));
  rmSync(folder, { recursive: true, force: true });
});

/** A process of Node that runs `body` for each line, with `tell` for lines of its own. */
const program = (body: string): SubprocessOptions => ({
  command: process.execPath,
  args: [
    '-e',
    `const tell = (line) => process.stdout.write((typeof line === 'string' ? line : JSON.stringify(line)) + '\\n');
     require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
       const line = JSON.parse(text);
       const { turn } = line;
       ${body}
     });
     tell({ type: 'ready', version: 1, turns: 2 });`,
  ],
});

/** Makes an agent that is closed after the test. */
function open(options: SubprocessOptions): { readonly agent: Agent; readonly logged: readonly string[] } {
  const logged: string[] = [];
  const times = { ...processTimes, readyMs: 10_000, cancelMs: 100, endMs: 50, killMs: 100, restMs: 10 };
  const agent = createSubprocess({ log: (line) => logged.push(line), ...options }, times);
  agents.push(agent);
  return { agent, logged };
}

const hasEnded = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

const pidOf = (events: readonly Exclude<AgentEvent, string>[]): number => {
  const [event] = events;
  return event?.type === 'content' ? Number(event.data) : NaN;
};

test.each<[string, SubprocessOptions, string]>([
  [
    'that does not exist',
    { command: 'no-such-command' },
    'cannot start: there is no command no-such-command.',
  ],
  ['that may not be run', { command: '/etc/passwd' }, 'cannot start: /etc/passwd may not be run.'],
  [
    'in a folder that does not exist',
    { command: 'sh', cwd: '/no/folder' },
    'cannot start: there is no folder /no/folder.',
  ],
  ['behind a file that is no folder', { command: '/etc/passwd/agent' }, 'cannot start: spawn ENOTDIR.'],
  ['with a null byte', { command: 'a\0b' }, 'cannot start: The argument'],
  [
    'that ends at once',
    { command: 'sh', args: ['-c', 'echo no module >&2; exit 3'] },
    'ended with code 3.\nno module',
  ],
])('a command %s does not start, and its turns fail', async (_, options, reason) => {
  const message = `The process of the agent ${reason}`;
  const { agent } = open(options);
  await expect(agent.start?.()).rejects.toThrow(message);
  await expect(runTurn(open(options).agent)).rejects.toMatchObject({
    code: 'agent_lost',
    cause: { message: expect.stringContaining(message) },
  });
});

test.each([[{ command: '' }], [{ command: 'x', workers: 0 }], [{ command: 'x', workers: 1.5 }]])(
  '%j is refused',
  (options) => {
    expect(() => open(options)).toThrow(TypeError);
  },
);

test('other output goes to the log, and unknown lines are left out', async () => {
  const { agent, logged } = open(
    program(`console.log('Loading …'); console.error('to stderr'); tell('{"type":"content"'); tell('[1]');
      tell({ type: 'later_version', turn }); tell({ type: 'content', turn: 'other', data: 'x' });
      tell({ type: 'content', turn, data: 'Hi' }); tell({ type: 'end', turn });`),
  );
  expect(await runTurn(agent)).toMatchObject([{ type: 'content', data: 'Hi' }]);
  await vi.waitFor(() => expect(logged).toContain('to stderr'));
  expect(logged.filter((line) => line !== 'to stderr')).toEqual(['Loading …', '{"type":"content"', '[1]']);
});

test('the variables of the server do not reach the process', async () => {
  vi.stubEnv('HEDDLE_SECRET', 'secret');
  const { agent } = open({
    ...program(
      `tell({ type: 'content', turn, data: JSON.stringify(process.env) }); tell({ type: 'end', turn });`,
    ),
    env: { FOR_AGENT: 'yes' },
  });
  vi.unstubAllEnvs();
  const text = JSON.stringify(await runTurn(agent));
  expect(text).not.toContain('HEDDLE_SECRET');
  expect(text).toContain('FOR_AGENT');
});

test('an error with a code is public, and one without is not', async () => {
  const { agent } = open(program(`tell({ type: 'error', turn, ...JSON.parse(line.prompt) });`));
  const fail = (error: object): Promise<unknown> => runTurn(agent, { content: JSON.stringify(error) });
  await expect(fail({ code: 'too_big', message: 'Too big.', detail: 'stack' })).rejects.toMatchObject({
    name: 'AgentError',
    code: 'too_big',
    message: 'Too big.',
    cause: 'stack',
  });
  await expect(fail({ message: 'secret' })).rejects.toMatchObject({ name: 'Error', message: 'secret' });
  await expect(fail({})).rejects.toThrow('The agent failed while it made this answer.');
});

test('a process that blocks and ignores SIGTERM is killed after its cancel, with all that it started', async () => {
  const { agent } = open(
    program(`if (line.type !== 'start') return;
      const child = require('node:child_process').spawn('sleep', ['1000']);
      tell({ type: 'content', turn, data: String(child.pid) });
      if (line.prompt === 'end') return tell({ type: 'end', turn });
      process.on('SIGTERM', () => {});
      setImmediate(() => { for (;;); });`),
  );
  const stop = new AbortController();
  const stuck = await runTurn(agent, { signal: stop.signal, onEvent: () => stop.abort() });
  const next = await runTurn(agent, { content: 'end' });
  expect(pidOf(next)).not.toBe(pidOf(stuck));
  await vi.waitFor(() => expect(hasEnded(pidOf(stuck))).toBe(true));
  await agent.close?.();
  await vi.waitFor(() => expect(hasEnded(pidOf(next))).toBe(true));
});

test('a process that is killed in the middle of a turn is lost, and the next turn has another one', async () => {
  const { agent } = open(
    program(`console.error('at work'); tell({ type: 'content', turn, data: String(process.pid) });
      if (line.prompt === 'end') tell({ type: 'end', turn });`),
  );
  const lost = runTurn(agent, { onEvent: (event) => process.kill(pidOf([event]), 'SIGKILL') });
  await expect(lost).rejects.toMatchObject({
    code: 'agent_lost',
    cause: { message: 'The process of the agent was ended by SIGKILL.\nat work' },
  });
  expect(await runTurn(agent, { content: 'end' })).toHaveLength(1);
});

test('a line of 16 MB passes, and a longer one than 16 Mi ends the process', async () => {
  const { agent } = open(
    program(
      `tell({ type: 'content', turn, data: 'x'.repeat(Number(line.prompt)) }); tell({ type: 'end', turn });`,
    ),
  );
  const [event] = await runTurn(agent, { content: '16000000' });
  expect(event?.type === 'content' && event.data.length).toBe(16_000_000);
  await expect(runTurn(agent, { content: '17000000' })).rejects.toMatchObject({
    code: 'agent_lost',
    cause: { message: 'The process of the agent printed a line that is longer than 16 Mi characters.' },
  });
});

test('a process that fills its output waits for a slow reader, and no event is lost', async () => {
  const file = join(folder, 'written');
  const { agent } = open(
    program(`const { writeSync, writeFileSync, mkdirSync } = require('node:fs');
      mkdirSync(${JSON.stringify(folder)}, { recursive: true });
      for (let n = 0; n < 200; n++) {
        let text = '';
        for (let i = 0; i < 500; i++) text += JSON.stringify({ type: 'content', turn, data: String(n * 500 + i) }) + '\\n';
        for (let rest = Buffer.from(text); rest.length > 0; ) {
          try { rest = rest.subarray(writeSync(1, rest)); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
        }
        writeFileSync(${JSON.stringify(file)}, String((n + 1) * 500));
      }
      tell({ type: 'end', turn });`),
  );
  const written = (): number => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  const events = agent.open({ session: 's', owner: 'ada' })({
    turn: 't',
    attempt: 1,
    input: { type: 'message', content: 'Go' },
    signal: new AbortController().signal,
    history: () => [],
    save: () => {},
  });
  let count = 0;
  for await (const event of events) {
    if (count === 0) {
      // It writes what Heddle takes ahead, and what fits into the pipe, and no more.
      await vi.waitFor(() => expect(written()).toBeGreaterThan(9_500));
      let before = -1;
      while (before !== written()) {
        before = written();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(written()).toBeLessThan(20_000);
    }
    expect(event).toMatchObject({ data: String(count) });
    count += 1;
  }
  expect(count).toBe(100_000);
});

test('many turns share two processes, each with as many as it takes', async () => {
  const { agent } = open({
    ...program(`if (line.type !== 'start') return;
      globalThis.busy = (globalThis.busy ?? 0) + 1;
      tell({ type: 'custom', turn, name: process.pid, data: busy });
      setTimeout(() => { busy -= 1; tell({ type: 'content', turn, data: line.prompt }); tell({ type: 'end', turn }); }, 5);`),
    workers: 2,
  });
  const contents = Array.from({ length: 60 }, (_, index) => `m${index}`);
  const turns = await Promise.all(contents.map((content) => runTurn(agent, { content, turn: content })));
  const customs = turns.flatMap(([first]) => (first?.type === 'custom' ? [first] : []));
  expect(turns.map(([, second]) => second)).toMatchObject(contents.map((data) => ({ data })));
  expect(new Set(customs.map(({ name }) => name)).size).toBe(2);
  expect(Math.max(...customs.map(({ data }) => Number(data)))).toBe(2);
});
