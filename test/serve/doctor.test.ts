// `heddle doctor` as users run it, with the build.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from '../rig/child.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { heddleServe } from '../rig/heddle-serve.ts';
import { startNetworkProxy } from '../rig/network-proxy.ts';

const cleanUp = createCleanUp(afterAll);
let url = '';

beforeAll(async () => {
  const served = await heddleServe(['--memory']);
  cleanUp(() => served.child.stop());
  ({ url } = served);
});

async function doctor(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const child = start(process.execPath, ['dist/cli/heddle.js', 'doctor', ...args], { env });
  const code = await new Promise<number | null>((resolve) => child.process.on('close', resolve));
  return { code, output: child.output() };
}

test('a server that is in order has nothing to change, and exit code 0', async () => {
  const { code, output } = await doctor([url]);
  expect(output).toMatch(/^✓ reached {7}200 in \d+ ms, HTTP\/1\.1\n/);
  expect(output).toMatch(/\nNothing to change\. 15 checks in \d+\.\d s\n$/);
  expect(output).not.toContain('\u001B');
  expect(code).toBe(0);
});

test('a fault has its line below it, for what stands in front, and exit code 1', async () => {
  const proxy = await startNetworkProxy(url, { requestHeaders: { host: '127.0.0.1:1' } });
  cleanUp(() => proxy.close());
  const [told, json] = await Promise.all([
    doctor([proxy.url, '--proxy', 'nginx']),
    doctor([proxy.url, '--proxy', 'caddy', '--json']),
  ]);
  expect(told.output).toContain(
    '✗ host          Host arrives as 127.0.0.1:1: every page is refused with forbidden_origin\n' +
      '                nginx:  proxy_set_header Host $http_host;\n',
  );
  expect(told.output).toContain('1 thing to change.');
  expect(told.code).toBe(1);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.output)).toMatchObject({
    front: 'caddy',
    kind: 'heddle',
    checks: expect.arrayContaining([
      expect.objectContaining({
        name: 'host',
        state: 'bad',
        fault: 'host',
        line: 'Caddy:  no header_up Host',
      }),
    ]),
  });
});

test('what is no Heddle, and what is not there, have exit code 2; a URL that is none has a sentence', async () => {
  const http = createServer((_, response) => void response.end('\u001B[2J<html>hello'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  cleanUp(() => void http.close());
  const { port } = http.address() as AddressInfo;
  const [other, nothing, wrong] = await Promise.all([
    doctor([`http://127.0.0.1:${port}`]),
    doctor(['http://127.0.0.1:1']),
    doctor(['not a url']),
  ]);
  expect(other.code).toBe(2);
  expect(other.output).toContain('a page of HTML');
  expect(nothing.code).toBe(2);
  expect(nothing.output).toContain('✗ reached       nothing listens on 127.0.0.1, port 1');
  expect(wrong.code).toBe(2);
  expect(wrong.output).toContain('"not a url" is not the URL of a server.');
});

test('a caller who is no admin has the probe route only with --probe', async () => {
  const auth = [
    '--memory',
    '--jwt-issuer',
    'http://127.0.0.1:1',
    '--jwt-audience',
    'heddle',
    '--jwks',
    'http://127.0.0.1:1/keys',
  ];
  const [closed, open] = await Promise.all([heddleServe(auth), heddleServe([...auth, '--probe'])]);
  for (const { child } of [closed, open]) cleanUp(() => child.stop());
  const [without, withProbe] = await Promise.all([doctor([closed.url]), doctor([open.url])]);
  expect(without.output).toContain('start the server with --probe');
  expect(without.code).toBe(0);
  expect(withProbe.output).toContain('✓ stream');
});
