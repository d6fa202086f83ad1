// Logging never blocks the server, and never ends it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { root } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

function agentFile(body: string): string {
  const { path, remove } = temporaryFolder();
  cleanUp(remove);
  const file = join(path, 'agent.mjs');
  writeFileSync(file, body);
  return file;
}

/** Starts the command. Only the test reads its streams. */
function serve(
  args: readonly string[],
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  const child = spawn(
    process.execPath,
    [join(root, 'dist/cli/heddle.js'), 'serve', '--memory', '--port', '0', ...args],
    {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  cleanUp(() => child.kill('SIGKILL'));
  return child;
}

/** Reads the URL from one of its streams, and then reads no further. */
async function urlOf(stream: NodeJS.ReadableStream): Promise<string> {
  let told = '';
  for (;;) {
    const [, url] = /on (http:[^\s"]+)/.exec(told) ?? [];
    if (url !== undefined) return url;
    await once(stream, 'readable');
    told += String(stream.read() ?? '');
  }
}

const ask = (url: string): Promise<string> =>
  fetch(`${url}/stream?prompt=hi`).then((response) => response.text());

const throwing = 'export default async function* () { yield "words"; throw new Error("its own words"); }';

test.each([['text'], ['json']])('with the log as %s, a reader that goes away ends nothing', async (form) => {
  const child = serve([agentFile(throwing), '--log', form]);
  const url = await urlOf(child.stdout);
  // As `heddle serve | head -1` and `2>&1 | head -1` do.
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { destroy(): void }).destroy();
  for (let turn = 0; turn < 3; turn += 1) expect(await ask(url)).toContain('agent_failed');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

/** Each of its turns logs a long line. Soon these are more than the buffers of the pipe and the server. */
const verbose = `const long = 'x'.repeat(2_000);
  const deep = (levels) => new Error(long, { cause: levels > 0 ? deep(levels - 1) : undefined });
  export default async function* () { throw deep(6); }`;
const turns = 80;
const fail = async (url: string): Promise<void> => {
  const answers = await Promise.all(Array.from({ length: turns }, () => ask(url)));
  for (const answer of answers) expect(answer).toContain('agent_failed');
};

test('a stalled reader of the log delays no request, and later gets the number of lines it missed', async () => {
  const child = serve([agentFile(verbose), '--log', 'json']);
  const url = await urlOf(child.stdout);
  await fail(url);
  child.kill('SIGTERM');
  const told = (await text(child.stdout as never)).trim().split('\n');
  const parsed = told.map((line) => JSON.parse(line) as { lines?: number; msg: string });
  const left = parsed.reduce((sum, { lines = 0 }) => sum + lines, 0);
  const read = parsed.filter(({ msg }) => msg === 'answered' || msg === 'failed').length;
  expect(left).toBeGreaterThan(0);
  // Each turn logs two lines: its response and its failure.
  expect(read + left).toBe(2 * turns);
});

test('a signal ends the server although its log is not read', async () => {
  const child = serve([agentFile(verbose), '--log', 'json']);
  const url = await urlOf(child.stdout);
  await fail(url);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a failed promise or timer that an agent left behind is logged with its session, and other turns go on', async () => {
  const file = agentFile(`
    const later = () => new Promise((resolve) => setTimeout(resolve, 1));
    export default async function* ({ input }) {
      if (input.content === 'slow') {
        yield 'begun ';
        await globalThis.failed;
        yield 'and done';
        return;
      }
      const { promise, resolve } = Promise.withResolvers();
      globalThis.failed = promise;
      void later().then(() => { throw new Error('a promise'); });
      setTimeout(() => { setTimeout(resolve, 1); throw new Error('a timer'); }, 5);
      yield 'left';
    }`);
  const { url, child } = await heddleServe([file, '--memory']);
  cleanUp(() => child.stop());
  expect(await ask(url)).toContain('left');
  const slow = fetch(`${url}/stream?prompt=slow`).then((response) => response.text());
  await child.waitFor(
    /session [\w-]+: turn [\w-]+: Error: A promise without await failed\.\n {4}cause: Error: a promise/,
  );
  await child.waitFor(
    /session [\w-]+: turn [\w-]+: Error: A timer or listener of the agent failed\.\n {4}cause: Error: a timer/,
  );
  expect(await slow).toMatch(/begun [^]*and done/);
  expect(await ask(url)).toContain('left');
});

test.each([['text'], ['json']])(
  'with the log as %s, an error with a circular cause is logged',
  async (form) => {
    const file = agentFile(`export default async function* () {
    const error = new Error('round');
    error.cause = new AggregateError([error, new Error('one of many')]);
    throw error;
  }`);
    const { url, child } = await heddleServe([file, '--memory', '--log', form]);
    cleanUp(() => child.stop());
    expect(await ask(url)).toContain('agent_failed');
    await child.waitFor(/round[^]*one of many/);
  },
);

test('the password of a Redis URL is never printed', async () => {
  const urls = [
    'redis://ada:pa55word@127.0.0.1:1',
    'http://ada:pa55word@host',
    'ada:pa55word@host',
    'redis://:pa55word/#@host:1',
  ];
  const shown = urls.map(async (url) => {
    const args = [join(root, 'dist/cli/heddle.js'), 'serve', '--redis', url, '--port', '0'];
    const { stdout, stderr } = spawn(process.execPath, args);
    return (await Promise.all([text(stdout), text(stderr)])).join('');
  });
  for (const told of await Promise.all(shown)) {
    expect(told).toContain('heddle: ');
    expect(told).not.toContain('pa55');
  }
});
