// `heddle serve -- command …`, from the build, with agents of Python.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

const cleanUp = createCleanUp();
const folder = temporaryFolder();
afterAll(folder.remove);

const file = join(folder.path, 'agent.py');
writeFileSync(
  file,
  `import os, sys, time
import heddle_agent

async def answer(turn):
    yield f"{os.getpid()} "
    if turn.prompt == "block":
        time.sleep(1000)
    print("\\x1b[31mstray")
    yield " ".join(sys.argv[1:]) + str(os.environ.get("HEDDLE_SECRET"))

heddle_agent.serve(answer)
`,
);
const python = ['--', '/usr/bin/python3', file];
const env = { PYTHONPATH: 'examples/python', PYTHONDONTWRITEBYTECODE: '1', HEDDLE_SECRET: 's'.repeat(40) };

async function serve(args: readonly string[] = [], words: readonly string[] = []): Promise<Served> {
  const served = await heddleServe(['--memory', ...args, ...python, ...words], env);
  cleanUp(served.child.stop);
  return served;
}

/** Sends a prompt, and returns the text of the stream when it ends, or when it has a first word. */
async function ask({ url }: Served, prompt: string, until = /event: end/): Promise<string> {
  const { body } = await fetch(`${url}/stream?prompt=${prompt}`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (until.test(text)) break;
  }
  return text;
}

const pidIn = (text: string): number => Number(/"content":"(\d+) /.exec(text)?.[1]);

async function expectGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
}

test('a command answers, with its own flags, without the secrets of the server, and its prints are logged', async () => {
  const served = await serve([], ['--port', '1']);
  expect(await ask(served, 'hi')).toContain('--port 1None');
  await served.child.waitFor(/^heddle: agent: \\u\{1b\}\[31mstray$/m);
});

test('no process outlives its server: SIGTERM', async () => {
  const served = await serve();
  const pid = pidIn(await ask(served, 'hi'));
  expect(await served.child.stop('SIGTERM')).toBe(0);
  await expectGone(pid);
});

test('no process outlives its server, also while it blocks: a second SIGTERM', async () => {
  const served = await serve();
  const pid = pidIn(await ask(served, 'block', /"content"/));
  process.kill(served.child.process.pid ?? 0, 'SIGTERM');
  await served.child.waitFor(/Ctrl-C leaves at once/);
  expect(await served.child.stop('SIGTERM')).toBe(130);
  await expectGone(pid);
});

test('another worker answers while one blocks, and none outlives its server: SIGKILL', async () => {
  const served = await serve(['--workers', '2']);
  const pid = pidIn(await ask(served, 'block', /"content"/));
  const other = pidIn(await ask(served, 'hi'));
  expect(other).not.toBe(pid);
  await served.child.stop('SIGKILL');
  await expectGone(pid);
  await expectGone(other);
});

test.each([
  [['--', 'no-such-command'], 'cannot start: there is no command no-such-command.'],
  [['--', '/usr/bin/python3', '-c', 'raise SystemExit(3)'], 'ended with code 3.'],
])('%j: the command does not start, and the server says so in one sentence', async (words, reason) => {
  const child: Child = start(process.execPath, ['dist/cli/heddle.js', 'serve', '--memory', ...words], {
    env,
  });
  const code = await new Promise((resolve) => child.process.once('close', resolve));
  expect(code).toBe(1);
  expect(child.output()).toBe(`heddle: The agent does not start: The process of the agent ${reason}\n`);
});

test.each([
  [['agent.ts', '--', 'python'], 'There are two agents: agent.ts, and the command after --. Name one.'],
  [['--'], 'The command is missing after --.'],
  [['--workers', '0', '--', 'python'], '--workers: 0 is not taken; it takes a whole number from 1 to 1000.'],
  [['--watch', '--', 'python'], '--watch starts again when the file of an agent changes; name the file.'],
])('%j is refused', async (args, sentence) => {
  const child = start(process.execPath, ['dist/cli/heddle.js', 'serve', '--memory', ...args]);
  const code = await new Promise((resolve) => child.process.once('close', resolve));
  expect(code).toBe(1);
  expect(child.output()).toBe(`heddle: ${sentence}\n`);
});
