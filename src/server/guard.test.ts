import { afterAll, expect, test } from 'vitest';
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
])('the origin "%s" reads what it may, and is never sent back unless it is in the list', async (origin) => {
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
    // A cache must not give one origin's answer to another.
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
  const header = (name: string): string | undefined => (name === 'host' ? host : undefined);
  const check = (): void =>
    guard.checkHost({
      method: 'GET',
      path: '/',
      query: new URLSearchParams(),
      header,
      body: async () => new Uint8Array(),
    });
  if (isAnswered) expect(check).not.toThrow();
  else expect(check).toThrow('does not answer to the host name');
});

test('an origin that is none cannot be put in the list', () => {
  for (const origin of [
    'null',
    '*',
    'https://*.example',
    'friend.example',
    'https://friend.example/',
    'file:///',
  ]) {
    expect(() => createGuard({ origins: [origin] }), origin).toThrow(TypeError);
  }
});
