import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { chat } from '../../src/cli/chat/index.ts';
import { createClient } from '../../src/client/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import type { Store } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import { toText } from '../../src/protocol/index.ts';
import type { Agent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import { createCleanUp } from '../rig/clean-up.ts';

/** Repeats the prompt in two halves. "long" waits until it is cancelled, and "fail" fails. */
const agent: Agent = {
  open: () =>
    async function* ({ input, signal }) {
      const prompt = toText(input.content);
      yield { type: 'reasoning', data: 'Hm.' };
      yield { type: 'tool_use', call: 'c1', tool: 'look', input: { up: prompt } };
      yield { type: 'tool_result', call: 'c1', output: 'found' };
      yield `You said \u001b[31m"${prompt}`;
      if (prompt === 'fail') throw new Error('secret');
      if (prompt === 'long') await once(signal, 'abort');
      await delay(50);
      yield '".';
    },
};

const cleanUp = createCleanUp();

interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function serve(store: Store = memoryStore(), port = 0): Promise<Served> {
  const listening = await listen(createServer({ store, agent, onError: () => {} }), { port });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= listening.close(0));
  cleanUp(close);
  return { url: listening.url, close };
}

/** Runs chat on streams that report themselves as a terminal. */
function open(
  url: string,
  session?: string,
): {
  readonly code: Promise<number>;
  readonly shown: () => string;
  type(keys: string): void;
  /** Resolves once a text was shown after the last one that was seen. */
  see(text: string): Promise<void>;
} {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  let seen = 0;
  let look = (): void => {};
  const output = Object.assign(
    new Writable({
      write(chunk: Buffer, _, done) {
        shown += chunk.toString();
        done();
        look();
      },
    }),
    { isTTY: true, columns: 80 },
  );
  const code = chat(url, {
    input,
    output,
    env: { NO_COLOR: '1' },
    ...(session !== undefined && { session }),
  });
  cleanUp(() => {
    input.end();
    return code;
  });
  return {
    code,
    shown: () => shown,
    type: (keys) => void input.write(keys),
    see: (wanted) =>
      new Promise((resolve) => {
        look = () => {
          const at = shown.indexOf(wanted, seen);
          if (at < 0) return;
          seen = at + wanted.length;
          look = () => {};
          resolve();
        };
        look();
      }),
  };
}

const enter = '\r';
const ctrlC = '\u0003';
const ctrlD = '\u0004';

describe('heddle chat on a terminal', () => {
  test('prompts, streams the answer with its tools, and prints how to go on', async () => {
    const { url } = await serve();
    const terminal = open(url);
    await terminal.see('› ');
    terminal.type(`hello${enter}`);
    for (const piece of ['Hm.', '→ look {"up":"hello"}', '✓ look: found', 'You said "hello', '".', '› ']) {
      await terminal.see(piece);
    }
    terminal.type(ctrlD);
    expect(await terminal.code).toBe(0);
    const [session] = await createClient({ url }).sessions();
    await terminal.see(`heddle chat ${url} --session=${session?.session}`);
    expect(terminal.shown()).not.toContain('\u001b[31m');
  });

  test('cancels the turn at the first Ctrl-C, and exits at the next', async () => {
    const { url } = await serve();
    const terminal = open(url);
    await terminal.see('› ');
    terminal.type(`long${enter}`);
    await terminal.see('You said "long');
    terminal.type(ctrlC);
    await terminal.see('cancelling…');
    await terminal.see('cancelled');
    await terminal.see('› ');
    terminal.type(ctrlC);
    expect(await terminal.code).toBe(0);
  });

  test('exits at a second Ctrl-C although the turn still runs', async () => {
    const { url } = await serve();
    const terminal = open(url);
    await terminal.see('› ');
    terminal.type(`long${enter}`);
    await terminal.see('You said "long');
    terminal.type(ctrlC + ctrlC);
    expect(await terminal.code).toBe(0);
  });

  test('sends a line that is typed during an answer after it', async () => {
    const { url } = await serve();
    const terminal = open(url);
    await terminal.see('› ');
    terminal.type(`long${enter}`);
    await terminal.see('You said "long');
    terminal.type(`again${enter}`);
    await terminal.see('queued: again');
    terminal.type(ctrlC);
    await terminal.see('cancelled');
    await terminal.see('You said "again');
    await terminal.see('› ');
    terminal.type(`half a li`);
    await terminal.see('half a li');
    terminal.type(ctrlC);
    expect(await terminal.code).toBe(0);
  });

  test('sends lines that are typed at once to one session, in order', async () => {
    const { url } = await serve();
    const terminal = open(url);
    await terminal.see('› ');
    terminal.type(`one${enter}two${enter}`);
    await terminal.see('You said "one');
    await terminal.see('You said "two');
    await terminal.see('› ');
    terminal.type(ctrlC);
    expect(await terminal.code).toBe(0);
    expect(await createClient({ url }).sessions()).toHaveLength(1);
  });

  test('continues an earlier session in the middle of its answer', async () => {
    const { url } = await serve();
    const session = await createClient({ url }).create();
    const { turn } = await session.send('long');
    const terminal = open(url, session.id);
    await terminal.see('You said "long');
    await session.cancel(turn);
    await terminal.see('cancelled');
    terminal.type(ctrlD);
    expect(await terminal.code).toBe(0);
    expect(terminal.shown().split('You said').length).toBe(2);
    expect(terminal.shown()).toContain('› long');
  });

  test('shows messages of other clients, and restores its prompt', async () => {
    const { url } = await serve();
    const session = await createClient({ url }).create();
    const terminal = open(url, session.id);
    await terminal.see('› ');
    terminal.type('half');
    await terminal.see('half');
    await session.send('from afar', { author: 'Ada' });
    await terminal.see('Ada › from afar');
    await terminal.see('You said "from afar');
    await terminal.see('› half');
    terminal.type(ctrlC);
    expect(await terminal.code).toBe(0);
  });

  test('reconnects after a restart of the server, and goes on', async () => {
    const store = memoryStore();
    const lasting: Store = { ...store, close: async () => {} };
    const first = await serve(lasting);
    const terminal = open(first.url);
    await terminal.see('› ');
    terminal.type(`hello${enter}`);
    await terminal.see('".');
    await terminal.see('› ');
    await first.close();
    await terminal.see('reconnecting…');
    await terminal.see('› ');
    await serve(lasting, Number(new URL(first.url).port));
    terminal.type(`there?${enter}`);
    await terminal.see('You said "there?');
    await terminal.see('› ');
    terminal.type(ctrlD);
    expect(await terminal.code).toBe(0);
  });

  test('reports a server that does not answer and a session that does not exist', async () => {
    const { url, close } = await serve();
    const missing = open(url, 'nowhere');
    expect(await missing.code).toBe(1);
    expect(missing.shown()).toContain(`There is no session nowhere at ${url}.`);
    await close();
    const terminal = open(url);
    expect(await terminal.code).toBe(1);
    expect(terminal.shown()).toContain(`No server answers at ${url}.`);
  });

  test('exits when the session is deleted', async () => {
    const { url } = await serve();
    const session = await createClient({ url }).create();
    const terminal = open(url, session.id);
    await terminal.see('› ');
    await session.drop();
    expect(await terminal.code).toBe(1);
    await terminal.see('There is no session');
  });
});

/** Starts the command in a process of its own, with pipes. */
function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  const program = fileURLToPath(new URL('../../src/cli/heddle.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=@heddle/source', program, 'chat', ...args]);
}

async function run(
  args: readonly string[],
  input: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = start(args);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

describe('heddle chat in a pipe', () => {
  test('answers each line, and prints only answers to stdout', async () => {
    const { url } = await serve();
    const { code, stdout, stderr } = await run([url], 'one\n\ntwo');
    expect(stdout).toBe('You said "one".\nYou said "two".\n');
    expect(code).toBe(0);
    expect(stderr).toContain('→ look {"up":"one"}\n✓ look: found\n');
    const session = /--session=(\S+)/.exec(stderr)?.[1] ?? '';
    const next = await run([url, `--session=${session}`], 'three\n');
    expect(next.stdout).toBe('You said "three".\n');
    expect(await createClient({ url }).sessions()).toHaveLength(1);
  });

  test('exits with 1 if a turn failed', async () => {
    const { url } = await serve();
    const { code, stdout, stderr } = await run([url], 'fail\n');
    expect(code).toBe(1);
    expect(stdout).toBe('You said "fail\n');
    expect(stderr).toContain('failed: ');
    expect(stderr).not.toContain('secret');
  });

  test('exits with 1 and one sentence if there is no server', async () => {
    const { url, close } = await serve();
    await close();
    expect(await run([url], 'hi\n')).toEqual({
      code: 1,
      stdout: '',
      stderr: `No server answers at ${url}.\n`,
    });
    expect(await run(['not a url'], 'hi\n')).toMatchObject({ code: 1, stdout: '' });
  });

  test('exits without an error when its stdout is closed', async () => {
    const { url } = await serve();
    const child = start([url]);
    child.stdin.on('error', () => {});
    child.stdin.write('one\n');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.write('two\nthree\n');
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(child.exitCode).toBe(0);
    expect(stderr).not.toContain('EPIPE');
  });
});
