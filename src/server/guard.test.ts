import { afterAll, expect, test, vi } from 'vitest';
import { RefusalError } from '../protocol/index.ts';
import type { ServerRequest } from './server-request.ts';
import { createGuard } from './guard.ts';
import { ask, createTestServer } from './server.fixture.ts';

const server = createTestServer(
  async function* () {
    yield 'x';
  },
  { origins: ['https://friend.example', 'http://localhost:3000'], hosts: ['heddle.example'] },
);
afterAll(() => server.close(0));

const friends = ['https://friend.example', 'http://localhost:3000'];

test.each([
  ...friends,
  'null',
  '',
  '*',
  'https://evil.example',
  'http://friend.example',
  'https://friend.example:8443',
  'https://friend.example.',
  'https://friend.example/',
  'https://FRIEND.example',
  'https://friend.example.evil.example',
  'https://evilfriend.example',
  'https://sub.friend.example',
  'https://friend.example@evil.example',
  'https://friend.example https://evil.example',
  'https://friend.example, https://evil.example',
  'http://localhost:3001',
  'file://',
  'chrome-extension://friend.example',
  // These origins name no host in the sense of a Host header.
  'capacitor://localhost',
  'chrome-extension://localhost',
])('the origin "%s" may read only if it is in the list, and is not reflected otherwise', async (origin) => {
  const isFriend = friends.includes(origin);
  for (const [method, path] of [
    ['GET', '/sessions'],
    ['POST', '/session'],
    ['OPTIONS', '/session'],
    ['GET', '/stream?prompt=x'],
    ['GET', '/session/nowhere'],
    ['GET', '/nowhere'],
    ['DELETE', '/sessions'],
  ] as const) {
    const response = await ask(server, method, path, { headers: { origin } });
    const name = `${method} ${path}`;
    expect(response.headers.get('access-control-allow-origin'), name).toBe(isFriend ? origin : null);
    expect(response.headers.get('access-control-allow-credentials'), name).toBeNull();
    // A cache must not serve one origin's response to another.
    expect(response.headers.get('vary'), name).toBe('origin');
    await response.body?.cancel();
    const acts = method === 'POST' || path.startsWith('/stream');
    if (acts && !isFriend && origin !== '') expect(response.status, name).toBe(403);
  }
});

test.each([
  ['localhost', true],
  ['LOCALHOST:8000', true],
  ['127.0.0.1:8000', true],
  ['[::1]:8000', true],
  ['heddle.example', true],
  ['heddle.example:443', true],
  ['', false],
  ['evil.example', false],
  ['heddle.example.', false],
  ['heddle.example.evil.example', false],
  ['sub.heddle.example', false],
  ['127.0.0.1.evil.example', false],
  ['127.0.0.2', false],
  ['0.0.0.0:8000', false],
  ['localhost:80@evil.example', false],
  ['localhost, evil.example', false],
  ['localhost evil.example', false],
  ['[::ffff:127.0.0.1]', false],
])('the host name "%s" is answered: %s', async (host, isAnswered) => {
  const guard = createGuard({ hosts: ['heddle.example'] });
  const check = (): void => guard.checkHost(toAsk({ host }));
  if (isAnswered) expect(check).not.toThrow();
  else expect(check).toThrow('does not answer to the host name');
});

test('an invalid origin is refused in the option, and the error names the right form if it is known', () => {
  for (const [origin, words] of [
    ['null', 'sandboxed frame'],
    ['file:///', 'sandboxed frame'],
    ['file://', 'sandboxed frame'],
    ['data:text/html,x', 'sandboxed frame'],
    ['*', 'name each origin'],
    ['https://*.example', 'name each origin'],
    ['chrome-extension://*', 'name each origin'],
    ['', 'write it like https://example.com'],
    ['friend.example', 'write it like https://example.com'],
    ['https://', 'write it like https://example.com'],
    ['capacitor://', 'write it like https://example.com'],
    ['https://friend.example/', 'write it like https://friend.example.'],
    ['https://friend.example:443', 'write it like https://friend.example.'],
    ['https://FRIEND.example', 'write it like https://friend.example.'],
    ['https://friend.example/app?x#y', 'write it like https://friend.example.'],
    ['capacitor://localhost/', 'write it like capacitor://localhost.'],
    ['wss://friend.example', 'cannot be let in'],
  ] as const) {
    expect(() => createGuard({ origins: [origin] }), origin).toThrow(TypeError);
    expect(() => createGuard({ origins: [origin] }), origin).toThrow(words);
  }
});

test.each([
  'capacitor://localhost',
  'ionic://localhost',
  'tauri://localhost',
  'http://tauri.localhost',
  'app://obsidian.md',
  'vscode-webview://1a2b',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'moz-extension://0f8fad5b-d9cb-469f-a165-70867728950e',
  'safari-web-extension://0F8FAD5B-D9CB-469F-A165-70867728950E',
])('pages of %s can be allowed, and are refused otherwise', async (origin) => {
  const friendly = createTestServer(async function* () {}, { origins: [origin] });
  const letIn = await ask(friendly, 'POST', '/session', { headers: { origin } });
  expect([letIn.status, letIn.headers.get('access-control-allow-origin')]).toEqual([201, origin]);
  await friendly.close(0);
  const refused = await ask(server, 'POST', '/session', { headers: { origin } });
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining(`--allow-origin ${origin}`),
  ]);
});

test('an invalid host name is refused in the option, and the error names the right form if it is known', () => {
  for (const [host, words] of [
    ['', 'write it like example.com'],
    ['https://chat.example.com', 'write it like chat.example.com.'],
    ['https://chat.example.com:8443/x', 'write it like chat.example.com:8443.'],
    ['chat.example.com/', 'write it like example.com'],
    ['a b', 'write it like example.com'],
    ['::1', 'write it like [::1].'],
    ['*.com', 'like *.example.com'],
    ['*example.com', 'like *.example.com'],
    ['chat.*', 'write it like example.com'],
    ['*.*.example.com', 'like *.example.com'],
    ['*.example.com:8443', 'like *.example.com'],
    ['**', 'like *.example.com'],
  ] as const) {
    expect(() => createGuard({ hosts: [host] }), host).toThrow(TypeError);
    expect(() => createGuard({ hosts: [host] }), host).toThrow(words);
  }
});

test.each([
  ['*.example.com', 'a.example.com:8443', true],
  ['*.example.com', 'a.b.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com', '.example.com', false],
  ['*.example.com', 'aexample.com', false],
  ['*.example.com', 'a.example.com.evil.example', false],
  ['*.example.com', 'evil.example#a.example.com', false],
  ['chat.example.com:8443', 'chat.example.com:8443', true],
  ['chat.example.com:8443', 'chat.example.com', false],
  ['chat.example.com:8443', 'chat.example.com:8444', false],
  ['chat.example.com:443', 'chat.example.com', true],
  ['chat.example.com:443', 'chat.example.com:8443', false],
  ['CHAT.example.com', 'chat.EXAMPLE.com', true],
  ['bücher.example', 'xn--bcher-kva.example', true],
  ['[2001:db8::1]', '[2001:db8::1]:8000', true],
  ['[2001:db8::1]', '[2001:db8::2]', false],
  ['*', 'anything.example', true],
  ['*', '', true],
])('with hosts %s, the host name "%s" is answered: %s', (hosts, host, isAnswered) => {
  const guard = createGuard({ hosts: [hosts] });
  const check = (): void => guard.checkHost(toAsk({ host }));
  if (isAnswered) expect(check).not.toThrow();
  else expect(check).toThrow('does not answer to the host name');
});

// Whether a page's POST is accepted. `site` is the Sec-Fetch-Site of the browser. Old browsers send none, and
// none is sent over plain http except to localhost.
test.each<[host: string, origin: string, site: string | undefined, isLetThrough: boolean]>([
  // Default ports equal no port, in both directions.
  ['heddle.example:443', 'https://heddle.example', undefined, true],
  ['heddle.example:80', 'http://heddle.example', undefined, true],
  ['heddle.example:80', 'https://heddle.example', undefined, true],
  ['heddle.example', 'https://heddle.example', undefined, true],
  ['heddle.example', 'http://heddle.example', undefined, true],
  // A proxy of https left the port out.
  ['heddle.example', 'https://heddle.example:8443', undefined, true],
  ['heddle.example:443', 'https://heddle.example:8443', undefined, true],
  // Over http this may be the page of another server.
  ['heddle.example', 'http://heddle.example:8080', undefined, false],
  ['heddle.example:8000', 'http://heddle.example:8080', undefined, false],
  ['heddle.example:8000', 'http://heddle.example', undefined, false],
  ['heddle.example:8000', 'https://heddle.example:8443', undefined, false],
  ['heddle.example:8000', 'https://heddle.example', undefined, false],
  // The browser vouches for the page. A name in `hosts` is this server's own, whatever a proxy made of Host.
  ['127.0.0.1:8000', 'https://heddle.example', 'same-origin', true],
  ['127.0.0.1:8000', 'https://heddle.example:8443', 'same-origin', true],
  ['localhost:8000', 'http://localhost:5173', 'same-origin', true],
  ['heddle.example', 'http://heddle.example:8080', 'same-origin', true],
  // A name that is not in `hosts` may be rebound.
  ['127.0.0.1:8000', 'https://other.example', 'same-origin', false],
  ['127.0.0.1:8000', 'https://sub.heddle.example', 'same-origin', false],
  // The browser reports another page: another port, or plain http.
  ['localhost:8000', 'http://localhost:8000', 'same-site', false],
  ['heddle.example', 'http://heddle.example', 'cross-site', false],
  ['heddle.example', 'https://heddle.example:8443', 'same-site', false],
])('a request for %s by a page of %s (%s) is accepted: %s', (host, origin, site, isLetThrough) => {
  const guard = createGuard({ hosts: ['heddle.example'] });
  const headers = { host, origin, ...(site !== undefined && { 'sec-fetch-site': site }) };
  const check = (): void => guard.checkOrigin(toAsk(headers));
  if (isLetThrough) expect(check).not.toThrow();
  else expect(check).toThrow(RefusalError);
});

test.each([
  [
    { host: 'chat.example.com' },
    [
      '"chat.example.com"',
      'localhost',
      'heddle.example',
      '--allow-host chat.example.com',
      "hosts: ['chat.example.com']",
    ],
  ],
  [{ host: '' }, ['proxy_set_header Host $http_host']],
  [
    { origin: 'https://chat.example.com', host: '127.0.0.1:8000' },
    [
      'https://chat.example.com',
      '"127.0.0.1:8000"',
      'proxy_set_header Host $http_host',
      '--allow-origin https://chat.example.com',
    ],
  ],
  [
    { origin: 'https://chat.example.com', host: '127.0.0.1:8000', 'sec-fetch-site': 'same-origin' },
    ['--allow-host chat.example.com'],
  ],
  [
    { origin: 'https://evil.example', host: 'localhost', 'sec-fetch-site': 'cross-site' },
    ['cross-site', '--allow-origin https://evil.example', "origins: ['https://evil.example']"],
  ],
  [{ origin: 'null', host: 'localhost' }, ['Origin: null', 'sandbox']],
  [{ 'sec-fetch-site': 'cross-site', host: 'localhost' }, ['Sec-Fetch-Site: cross-site', '--allow-origin']],
])(
  'a refusal names the values that were sent and expected, and the option that allows them: %o',
  (headers, words) => {
    const guard = createGuard({ hosts: ['heddle.example'] });
    const check = (): void => {
      guard.checkHost(toAsk(headers));
      guard.checkOrigin(toAsk(headers));
    };
    for (const word of words) expect(check).toThrow(word);
  },
);

test('onWarning gets a sentence for each refusal: the same sentence once a minute, and at most ten a minute', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const told: string[] = [];
  const warned = createTestServer(async function* () {}, { onWarning: (sentence) => told.push(sentence) });
  const from = (host: string): Promise<Response> => warned.fetch(new Request(`http://${host}/sessions`));
  for (let times = 0; times < 3; times += 1) await from('one.example');
  await ask(warned, 'POST', '/session', { headers: { origin: 'https://two.example' } });
  expect(told).toEqual([
    expect.stringContaining('"one.example"'),
    expect.stringContaining('https://two.example'),
  ]);
  for (let index = 0; index < 50; index += 1) await from(`${index}.example`);
  expect(told).toHaveLength(10);
  vi.advanceTimersByTime(60_000);
  expect((await from('one.example')).status).toBe(403);
  expect(told).toHaveLength(11);
  vi.useRealTimers();
  await warned.close(0);
});

test('a refusal repeats a caller’s text in plain characters only', () => {
  const guard = createGuard({});
  const refuse = (): void =>
    guard.checkHost(toAsk({ host: '\u001b[31m\u202eevil\u0085`"\'' + 'x'.repeat(500) }));
  expect(refuse).toThrow(/"\?\[31m\?evil\?{4}x{80,90}"/);
});

function toAsk(headers: Readonly<Record<string, string>>): ServerRequest {
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    header: (name) => headers[name],
    body: async () => new Uint8Array(),
  };
}
