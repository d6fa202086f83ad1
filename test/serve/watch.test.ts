// `heddle serve agent.ts --watch` runs the agent as it was saved last, over the same conversations.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'heddle/client';
import { expect, test, vi } from 'vitest';
import { start } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

interface Watched extends Served {
  write(name: string, text: string): void;
}

async function watch(files: Readonly<Record<string, string>>): Promise<Watched> {
  const { path, remove } = temporaryFolder();
  const write = (name: string, text: string): void => writeFileSync(join(path, name), text);
  mkdirSync(join(path, 'lib'));
  for (const [name, text] of Object.entries(files)) write(name, text);
  const served = await heddleServe([join(path, 'agent.ts'), '--watch', '--data', join(path, 'data')]);
  cleanUp(remove, () => served.child.stop());
  return {
    ...served,
    write: (name, text) => {
      // In one step, as editors do: write the file under another name, then rename it.
      write(`${name}.new`, text);
      renameSync(join(path, `${name}.new`), join(path, name));
    },
  };
}

const agent = `import { word } from './lib/word.ts';
export default async function* ({ history }: { history(): readonly unknown[] }) {
  yield \`\${word} after \${history().length}\`;
}`;
const word = (text: string): string => `export const word: string = '${text}';`;

/** Sends a message in a session, and returns the answer. */
async function ask(url: string, id?: string): Promise<{ readonly id: string; readonly answer: string }> {
  const client = createClient({ url });
  const session = id === undefined ? await client.create() : client.session(id);
  const { turn } = await session.send('hi');
  let answer = '';
  for await (const { event } of session.events()) {
    if (event.type === 'content' && event.turn === turn) answer += event.data;
    if (event.type === 'message_end' && event.turn === turn) break;
  }
  return { id: session.id, answer };
}

test('a change of an imported file applies to the next message of the same conversation', async () => {
  const { url, child, write } = await watch({ 'agent.ts': agent, 'lib/word.ts': word('first') });
  const { id, answer } = await ask(url);
  expect(answer).toBe('first after 0');
  write('lib/word.ts', word('second'));
  await child.waitFor(/word\.ts changed[^]*heddle serves/);
  expect((await ask(url, id)).answer).toBe('second after 2');
  write('agent.ts', agent.replace('after', 'then'));
  await child.waitFor(/agent\.ts changed[^]*heddle serves/);
  expect((await ask(url, id)).answer).toBe('second then 4');
  expect(await child.stop('SIGTERM')).toBe(0);
});

test('each agent is started, and closed before the next one', async () => {
  const starting = `export default {
    open: () => async function* () {},
    start: async () => console.error('starts'),
    close: async () => console.error('closes'),
  };`;
  const { child, write } = await watch({ 'agent.ts': starting });
  write('agent.ts', `${starting}\n`);
  await child.waitFor(/starts[^]*heddle serves[^]*closes[^]*changed[^]*starts[^]*heddle serves/);
  expect(await child.stop('SIGTERM')).toBe(0);
});

test('broken syntax is reported with its line, and the next save is tried', async () => {
  const { url, child, write } = await watch({ 'agent.ts': agent, 'lib/word.ts': word('first') });
  write('lib/word.ts', '\nexport const word = (;');
  await child.waitFor(/does not load: .*word\.ts:2\)[^]*waits for a change/);
  write('lib/word.ts', word('second'));
  await child.waitFor(/waits for a change[^]*heddle serves/);
  expect((await ask(url)).answer).toBe('second after 0');
});

test('a turn that runs when the agent changes starts again with the new agent', async () => {
  const { url, child, write } = await watch({
    'agent.ts': `export default async function* ({ signal }: { signal: AbortSignal }) {
      yield 'old ';
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }`,
  });
  const session = await createClient({ url }).create();
  await session.send('hi');
  let answer = '';
  for await (const { event } of session.events()) {
    if (event.type === 'content') answer += event.data;
    if (answer === 'old ') write('agent.ts', 'export default async function* () { yield "new"; }');
    if (event.type === 'message_end') break;
  }
  expect(answer).toBe('old new');
  expect(child.output()).toContain('agent.ts changed');
});

test('the server ends without its watcher', async () => {
  const { url, child } = await watch({ 'agent.ts': 'export default () => "hi";' });
  child.process.kill('SIGKILL');
  await vi.waitFor(() => expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed'), 10_000);
});

test('`--watch` reports a server that cannot start, and waits for nothing', async () => {
  for (const [args, words] of [
    [['--watch'], 'name the file'],
    [['no-such.ts', '--watch'], 'There is no agent file no-such.ts.'],
    [['examples/echo-agent.ts', '--watch', '--limit', 'none'], '--limit none is none'],
  ] as const) {
    const child = start(process.execPath, ['dist/cli/heddle.js', 'serve', ...args]);
    const code = await new Promise((resolve) => child.process.on('close', resolve));
    expect(child.output()).toContain(words);
    expect(code).toBe(1);
  }
});
