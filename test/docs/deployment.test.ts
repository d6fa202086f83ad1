// Runs the code blocks of docs/deployment.md as they are, with other folders and ports.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCertificate } from '../../src/node/certificate.fixture.ts';
import { findPort } from '../rig/redis-server.ts';
import { nginx } from '../rig/nginx.ts';
import { root, start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const page = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
const folder = temporaryFolder();
let served: Child;
let port: string;

function block(language: string): string {
  const [, text = ''] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page) ?? [];
  expect(text, language).not.toBe('');
  return text;
}

/** Replaces the page's folders with one temporary folder. */
const here = (text: string): string =>
  text.replaceAll(/\/(?:srv\/heddle|var\/lib\/heddle|etc\/ssl)/g, folder.path);

/** Returns the arguments of one of the page's command lines. */
function argumentsOf(command: readonly string[]): readonly string[] {
  expect(command[0]).toMatch(/node_modules\/\.bin\/heddle$/);
  return command.slice(1);
}

beforeAll(async () => {
  writeFileSync(join(folder.path, 'agent.mjs'), 'export default () => "Served.";');
  const digest = createHash('sha256').update('a-key').digest('hex');
  writeFileSync(join(folder.path, 'keys.json'), JSON.stringify({ ada: digest }));
  const secret = execFileSync('openssl', ['rand', '-base64', '32'], { encoding: 'utf8' }).trim();
  const lines = here(block('sh')).replace('<openssl rand -base64 32>', secret);
  const variables = [...lines.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(block('ini')) ?? [];
  served = start(
    process.execPath,
    [join(root, 'dist/cli/heddle.js'), ...argumentsOf(command.split(' ')), '--port', '0'],
    { cwd: folder.path, env: Object.fromEntries(variables) as NodeJS.ProcessEnv },
  );
  [, port = ''] = await served.waitFor(/on http:\/\/[^\s/]+:(\d+)/);
});
afterAll(async () => {
  await served.stop();
  folder.remove();
});

/** Sends a request to nginx over TLS, under the page's host name. */
function ask(tlsPort: number, path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
    request(
      {
        host: '127.0.0.1',
        port: tlsPort,
        path,
        servername: 'chat.example.com',
        rejectUnauthorized: false,
        headers: { host: 'chat.example.com', ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      },
    )
      .on('error', reject)
      .end();
  });
}

test("its configuration of nginx passes on requests of the page's own origin, and Heddle refuses requests without a key", async () => {
  const certificate = createCertificate();
  const tlsPort = await findPort();
  const stopNginx = await nginx.start({ port: tlsPort, upstream: `127.0.0.1:${port}`, certificate });
  try {
    const own = { origin: 'https://chat.example.com' };
    const answered = await ask(tlsPort, '/stream?prompt=hello', { ...own, 'x-api-key': 'a-key' });
    expect(answered).toMatchObject({ status: 200, text: expect.stringContaining('Served.') });
    expect(await ask(tlsPort, '/sessions', own)).toMatchObject({ status: 401 });
    expect(await ask(tlsPort, '/', {})).toMatchObject({ status: 200 });
    const foreign = { origin: 'https://other.example.com', 'x-api-key': 'a-key' };
    expect(await ask(tlsPort, '/stream?prompt=hello', foreign)).toMatchObject({ status: 403 });
  } finally {
    await stopNginx();
    certificate.remove();
  }
});

test('its Docker health check succeeds while messages are taken, and fails when no server runs', async () => {
  const [, list = ''] = /^HEALTHCHECK CMD (.*)$/m.exec(block('dockerfile')) ?? [];
  const [program, flag = '', script = ''] = JSON.parse(list) as string[];
  expect(program).toBe('node');
  const check = async (where: string): Promise<number | null> => {
    const child = start(process.execPath, [flag, script.replace('8000', where)]);
    await new Promise((resolve) => child.process.on('close', resolve));
    return child.process.exitCode;
  };
  expect(await check(port)).toBe(0);
  expect(await check(String(await findPort()))).toBe(1);
});

test('its Docker command listens on all addresses only if callers must authenticate', async () => {
  const [, list = ''] = /^CMD (.*)$/m.exec(block('dockerfile')) ?? [];
  const [, variables = ''] = /^ENV (.*)$/m.exec(block('dockerfile')) ?? [];
  const env = Object.fromEntries(variables.split(' ').map((each) => each.split('='))) as NodeJS.ProcessEnv;
  const args = [
    join(root, 'dist/cli/heddle.js'),
    ...argumentsOf(JSON.parse(list) as string[]),
    '--port',
    '0',
  ];
  const run = (more: NodeJS.ProcessEnv): Child =>
    start(process.execPath, args, {
      cwd: folder.path,
      env: { ...env, HEDDLE_DATA: join(folder.path, 'data'), ...more },
    });
  const without = run({});
  await new Promise((resolve) => without.process.on('close', resolve));
  expect(without.output()).toContain('Without auth this server listens on this machine only');
  const asked = run({ HEDDLE_API_KEYS: 'keys.json' });
  await asked.waitFor(/on http:\/\/0\.0\.0\.0:/);
  expect(await asked.stop('SIGTERM')).toBe(0);
});
