// The first hour with Heddle and its worst event: an agent in TypeScript is served, answers, and is killed in
// mid-turn.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { runtimes } from './runtimes.fixture.ts';
import type { Runtime } from './runtimes.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

writeFileSync(join(folder.path, 'package.json'), '{"name":"mine","version":"1.0.0"}');
writeFileSync(join(folder.path, 'words.ts'), "export const last: string = ' last words';");
writeFileSync(
  join(folder.path, 'agent.ts'),
  `import { last } from './words.ts';

interface Asked { readonly input: { readonly content: string } }

export default async function* ({ input }: Asked): AsyncGenerator<string> {
  yield \`You said: \${input.content}\`;
  if (process.env.STAYS_SILENT) await new Promise(() => setTimeout(() => {}, 1e9));
  yield last;
}
`,
);

interface Served {
  readonly child: Child;
  readonly url: string;
}

async function serve({ command, name, version }: Runtime, env: NodeJS.ProcessEnv): Promise<Served> {
  const [program, ...args] = command;
  const data = join(folder.path, `${name}-${version}`);
  const child = start(
    program,
    [...args, 'dist/cli/heddle.js', 'serve', join(folder.path, 'agent.ts'), '--port', '0', '--data', data],
    { env: { NO_COLOR: '1', ...env } },
  );
  const [, url = ''] = await child.waitFor(/on (http:\/\/\S+)/);
  return { child, url };
}

async function say(url: string, session: string, content: string): Promise<void> {
  const response = await fetch(`${url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content }),
  });
  expect(response.status).toBe(202);
}

/** Reads a session's stream from its start until it has the text a number of times. */
async function readUntil(url: string, session: string, text: string, times: number): Promise<string> {
  let read = '';
  const response = await fetch(`${url}/stream/${session}`);
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    read += chunk;
    if (read.split(text).length > times) return read;
  }
  throw new Error(`The stream ended before it had ${text} ${times} times: ${read}`);
}

test.concurrent.each(runtimes)(
  'in $name $version the next start continues a turn that a kill cut, and the sessions are listed',
  { timeout: 240_000 },
  async (runtime) => {
    const first = await serve(runtime, {});
    const created: unknown = await (await fetch(`${first.url}/session`, { method: 'POST' })).json();
    const session = (created as { session_id: string }).session_id;
    await say(first.url, session, 'one');
    await readUntil(first.url, session, '"outcome":"completed"', 1);
    expect(await first.child.stop('SIGTERM')).toBe(0);

    const second = await serve(runtime, { STAYS_SILENT: 'yes' });
    await say(second.url, session, 'two');
    await readUntil(second.url, session, 'You said: two', 1);
    await second.child.stop('SIGKILL');

    const third = await serve(runtime, {});
    const read = await readUntil(third.url, session, '"outcome":"completed"', 2);
    expect(read.split('last words')).toHaveLength(3);
    expect(read).toContain('"type":"discard"');
    const { sessions } = (await (await fetch(`${third.url}/sessions`)).json()) as { sessions: unknown[] };
    expect(sessions).toHaveLength(1);
    expect(await third.child.stop('SIGTERM')).toBe(0);
    // The output has no warning or error, except Node's warning about type stripping.
    expect(third.child.output().replace(/.*Type Stripping.*\n.*\n/, '')).not.toMatch(/warning|error/i);
  },
);

test.each([
  [{ node: '20.11.1' }, 'Node 20.11.1'],
  [{ node: '22.12.0' }, 'Node 22.12.0'],
  [{ node: '23.3.0' }, 'Node 23.3.0'],
  [{ node: '22.6.0', bun: '1.2.0' }, 'Bun 1.2.0'],
  [{ node: '24.2.0', deno: '2.7.14' }, 'Deno 2.7.14'],
])('the command reports its supported runtimes when it runs on %o', async (versions, name) => {
  const set = `Object.defineProperty(process, 'versions', { value: ${JSON.stringify(versions)} })`;
  const child = start(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(set)}`,
    'dist/cli/heddle.js',
  ]);
  const [code] = await once(child.process, 'close');
  expect(code).toBe(1);
  expect(child.output()).toBe(
    `heddle: this needs Node 22.13, Node 24, Bun 1.4 or Deno 2.8 or later, and runs on ${name}.\n`,
  );
});
