// `heddle serve --acp -- command …`, from the build, with an agent of the official SDK.
import { afterAll, expect, test, vi } from 'vitest';
import { root, start } from '../rig/child.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';

const cleanUp = createCleanUp();
const folder = temporaryFolder();
afterAll(folder.remove);

const agent = [process.execPath, '--conditions=@heddle/source', 'src/agents/acp/sdk-agent.fixture.ts'];
const env = { SESSIONS: folder.path };

test('a coding agent works in the folder of the server, and goes on after an approval', async () => {
  const { url, child } = await heddleServe(['--memory', '--acp', '--', ...agent], env);
  cleanUp(child.stop);
  const call = async (path: string, body?: object): Promise<Readonly<Record<string, string>>> => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': path } };
    const response = await fetch(`${url}${path}`, body && { ...post, body: JSON.stringify(body) });
    return (await response.json()) as Readonly<Record<string, string>>;
  };
  const { session_id: session } = await call('/session', {});
  const play = [{ where: true }, { permission: { toolCallId: 'c', title: 'Run make' } }];
  await call(`/message/${session}`, { content: JSON.stringify({ play }) });
  /** Waits until the state has these words, and returns it as text. */
  const seen = (words: RegExp): Promise<string> =>
    vi.waitFor(async () => {
      const state = JSON.stringify(await call(`/session/${session}`));
      expect(state).toMatch(words);
      return state;
    });
  const asked = await seen(/"waiting"/);
  expect(asked).toContain(JSON.stringify(root).slice(1, -2));
  const [, approval] = /"approval":"(a_\w{16})"/.exec(asked) ?? [];
  await call(`/answer/${session}`, { approval_id: approval, decision: true });
  expect(await seen(/"completed"/)).toContain('<yes>');
  expect(await child.stop('SIGTERM')).toBe(0);
});

test.each([
  ['--acp', /^heddle: --acp is for a command after --/m],
  ['--acp --insecure --host 0.0.0.0 -- sh', /^heddle: --acp gives every caller a shell/m],
  [
    '--acp -- no-such-command',
    /^heddle: The agent does not start: .* there is no command no-such-command\.$/m,
  ],
])('`heddle serve %s` ends with a sentence', async (args, sentence) => {
  const words = ['dist/cli/heddle.js', 'serve', '--memory', '--port', '0', ...args.split(' ')];
  const child = start(process.execPath, words);
  await child.waitFor(sentence);
  await vi.waitFor(() => expect(child.process.exitCode).toBe(1));
});
