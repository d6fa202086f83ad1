// The command as users see it.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { createCertificate } from '../../src/node/certificate.fixture.ts';
import { start } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanUp(remove);
  return path;
}

async function serve(...args: Parameters<typeof heddleServe>): ReturnType<typeof heddleServe> {
  const served = await heddleServe(...args);
  cleanUp(() => served.child.stop());
  return served;
}

/** Runs the command to its end. */
async function heddle(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const child = start(process.execPath, ['dist/cli/heddle.js', ...args], { env });
  const code = await new Promise<number | null>((resolve) => child.process.on('close', resolve));
  return { code, output: child.output() };
}

test('`--help` names every option with its variable', async () => {
  const { code, output } = await heddle(['serve', '--help']);
  expect(code).toBe(0);
  for (const word of [
    '--port',
    'PORT',
    '--memory',
    '--redis',
    'HEDDLE_REDIS',
    '--data',
    '--insecure',
    'HEDDLE_MODEL',
    'OPENAI_BASE_URL',
  ]) {
    expect(output).toContain(word);
  }
});

test('with a certificate it serves HTTP/2 over TLS, and says so', async () => {
  const { certFile, keyFile, cert, remove } = createCertificate();
  cleanUp(remove);
  const { url } = await serve(['--memory', '--tls-cert', certFile, '--tls-key', keyFile]);
  expect(url).toMatch(/^https:/);
  const client = connectHttp2(url, { ca: cert });
  cleanUp(() => client.destroy());
  const stream = client.request({ ':path': '/health' });
  const [headers] = await once(stream, 'response');
  expect(headers).toMatchObject({ ':status': 200 });
});

test('a server that cannot start reports it in one sentence, with exit code 1', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  cleanUp(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const files = folder();
  const write = (name: string, text: string): string => {
    writeFileSync(join(files, name), text);
    return join(files, name);
  };
  const cases: readonly (readonly [readonly string[], string, NodeJS.ProcessEnv?])[] = [
    [['--memory', '--port', String(port)], `Port ${port} is in use`],
    [['no-such-file.ts'], 'There is no agent file no-such-file.ts'],
    [[write('broken.mjs', 'export default (')], 'does not load'],
    [[write('throws.mjs', 'throw new Error("no key\\nsecond line")')], 'does not load: no key'],
    [[write('empty.mjs', 'export const agent = 1')], 'has no default export'],
    [['--memory', '--host', '0.0.0.0'], '--insecure'],
    [['--data', join(files, 'data'), '--allow-origin', 'example.com'], 'is not an origin'],
    [['--data', join(files, 'data')], '32 characters', { HEDDLE_SECRET: 'short' }],
    [['--memory', '--host', '127.example.com'], '--insecure'],
    [['--memory', '--api-keys', write('plain.json', '{"ada":"ada-key"}')], 'not a SHA-256'],
    [['--memory', '--jwt-issuer', 'https://issuer.example'], 'go together'],
    [['--data', write('a-file', '')], 'a-file'],
    [['--redis', 'localhost'], 'not a URL like redis://'],
    [['--redis', 'redis://127.0.0.1:1'], 'Redis cannot be reached: connect ECONNREFUSED'],
    [['--redis', 'redis://127.0.0.1:1', '--memory'], 'Choose one of'],
    [['--memory'], 'HEDDLE_MODEL', { HEDDLE_MODEL: 'nonsense' }],
    [['--memory'], 'OPENAI_API_KEY', { HEDDLE_MODEL: 'openai:gpt-5', OPENAI_API_KEY: '' }],
  ];
  for (const [args, sentence, env] of cases) {
    const port = args.includes('--port') ? [] : ['--port', '0'];
    const { code, output } = await heddle(['serve', ...port, ...args], env);
    expect(output, args.join(' ')).toContain(sentence);
    expect(output.trim().split('\n'), args.join(' ')).toHaveLength(1);
    expect(code, args.join(' ')).toBe(1);
  }
  expect((await heddle(['serve', '--port', 'http'])).code).toBe(1);
}, 60_000);

test("with keys or an issuer's tokens, callers authenticate and the server may listen beyond this machine", async () => {
  const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
  const file = join(folder(), 'keys.json');
  writeFileSync(
    file,
    JSON.stringify({ ada: sha256('ada-key'), ops: { sha256: sha256('ops-key'), admin: true } }),
  );
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const issuing = createHttpServer((_, response) => {
    void exportJWK(publicKey).then((jwk) => response.end(JSON.stringify({ keys: [jwk] })));
  });
  await new Promise<void>((resolve) => issuing.listen(0, '127.0.0.1', resolve));
  cleanUp(() => issuing.close());
  const issuer = `http://127.0.0.1:${(issuing.address() as AddressInfo).port}`;
  const token = await new SignJWT({ iss: issuer, aud: 'heddle', sub: 'grace' })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime('1m')
    .sign(privateKey);

  const jwt = ['--jwt-issuer', issuer, '--jwt-audience', 'heddle', '--jwks', `${issuer}/jwks`];
  const { port } = await serve(['--memory', '--host', '0.0.0.0', '--api-keys', file, ...jwt]);
  const list = async (authorization: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}/sessions`, { headers: { authorization } })).status;
  expect(await list('Bearer ada-key')).toBe(200);
  expect(await list(`Bearer ${token}`)).toBe(200);
  expect(await list('Bearer eve-key')).toBe(401);
  expect((await fetch(`http://127.0.0.1:${port}/sessions`)).status).toBe(401);
});

test('a signal ends the command with code 0 after its turn has ended', async () => {
  const { url, child } = await serve(['examples/echo-agent.ts', '--memory']);
  const stream = fetch(`${url}/stream?prompt=${encodeURIComponent('one two three four five')}`).then(
    (response) => response.text(),
  );
  await fetch(`${url}/health`);
  const response = await stream;
  expect(response).toContain('event: end');
  expect(await child.stop('SIGTERM')).toBe(0);
});

test('a signal right after the message that it serves ends the command with code 0', async () => {
  const signal = `const { write } = process.stdout;
    process.stdout.write = function (text, ...rest) {
      if (text.includes(' on http://')) process.kill(process.pid, 'SIGTERM');
      return write.call(this, text, ...rest);
    };`;
  const preload = `data:text/javascript,${encodeURIComponent(signal)}`;
  const args = ['--import', preload, 'dist/cli/heddle.js', 'serve', '--memory', '--port', '0'];
  const child = start(process.execPath, args);
  await new Promise((resolve) => child.process.on('close', resolve));
  expect(child.process.exitCode).toBe(0);
});

test('chat, sessions and kill find the server by HEDDLE_URL', async () => {
  const { url } = await serve(['examples/echo-agent.ts', '--memory']);
  const env = { HEDDLE_URL: url };
  const child = start(process.execPath, ['dist/cli/heddle.js', 'chat'], { env });
  child.process.stdin?.end('hello\n');
  await child.waitFor(/You said: hello[^]*To go on: heddle chat http:\S+/);
  expect((await heddle(['sessions'], env)).code).toBe(0);
  expect((await heddle(['kill', '--all'], env)).output).toContain('0 sessions stopped');
});

test('a setting without effect is reported at the start', async () => {
  const { child } = await serve(['examples/echo-agent.ts', '--memory'], { HEDDLE_MODEL: 'openai:gpt-5' });
  await child.waitFor(
    /HEDDLE_MODEL does nothing: it is for the built-in guide, and examples\/echo-agent.ts answers/,
  );
});

test('the next process finishes a turn of a killed process, from the same file', async () => {
  const data = folder();
  const first = await serve(['--data', data], { HEDDLE_GUIDE_PACE_MS: '200' });
  const created: unknown = await (await fetch(`${first.url}/session`, { method: 'POST' })).json();
  const session = (created as { session_id: string }).session_id;
  const json = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"content":"hello"}',
  };
  await fetch(`${first.url}/message/${session}`, json);
  await seen(`${first.url}/stream/${session}`, '"type":"content"');
  await first.child.stop('SIGKILL');

  const second = await serve(['--data', data], { HEDDLE_GUIDE_PACE_MS: '0' });
  const text = await seen(`${second.url}/stream/${session}`, '"type":"message_end"');
  expect(text.match(/"type":"message_start"/g)).toHaveLength(2);
  expect(text).toContain('"type":"discard"');
  expect(text).toContain('"outcome":"completed"');
}, 60_000);

/** Reads a stream until it contains a text. */
async function seen(url: string, what: string): Promise<string> {
  const response = await fetch(url);
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes(what)) break;
  }
  return text;
}
