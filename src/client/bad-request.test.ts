import { describe, expect, test } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { serveLog, turnOf } from './scripted-log.fixture.ts';
import { json, startScript } from './scripted-server.fixture.ts';
import { createClient, createEventStream } from './index.ts';
import type { ClientOptions, FetchLike } from './index.ts';

const url = 'http://127.0.0.1:1';

/** Every call that sends a request, once. */
const asks: Readonly<Record<string, (options: ClientOptions) => Promise<unknown>>> = {
  'a stream of a session': (options) =>
    next(
      createClient({ url, ...options })
        .session('s')
        .events(),
    ),
  'one question': (options) => next(createClient({ url, ...options }).ask('Hi')),
  'a message': (options) =>
    createClient({ url, ...options })
      .session('s')
      .send('Hi'),
  'the state of a session, asked for as long as it takes': (options) =>
    createClient({ url, ...options })
      .session('s')
      .state({ tries: Infinity }),
  'a stream of another server': (options) => next(createEventStream(url, options)),
};
const next = (events: AsyncIterable<unknown>): Promise<unknown> => events[Symbol.asyncIterator]().next();

describe.each(Object.entries(asks))('a request that cannot be made fails at once: %s', (_, ask) => {
  test('with a header that no request can carry: the error names it and hides its value', async () => {
    for (const value of ['Bearer ключ', 'Bearer a\nb'])
      for (const headers of [{ Authorization: value }, () => ({ Authorization: value })]) {
        const asked = ask({ headers, timing: createFakeTiming() });
        await expect(asked).rejects.toMatchObject({
          code: 'bad_request',
          message: 'The header "authorization" has a name or value that cannot be sent.',
        });
        await expect(asked).rejects.not.toThrow(/Bearer/);
      }
  });

  test('with a function for headers that throws, or returns none', async () => {
    const thrown = new Error('Nobody is signed in.');
    const functions: readonly (() => never)[] = [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown) as never,
      () => {
        throw new TypeError('session.fetchToken is not a function');
      },
      () => null as never,
    ];
    for (const headers of functions) {
      let calls = 0;
      const asked = ask({ headers: () => ((calls += 1), headers()), timing: createFakeTiming() });
      await expect(asked).rejects.toMatchObject({ name: 'ClientError', code: 'bad_request' });
      expect(calls).toBe(1);
    }
    await expect(ask({ headers: functions[0] ?? {}, timing: createFakeTiming() })).rejects.toMatchObject({
      message: expect.stringContaining('Nobody is signed in.'),
      cause: thrown,
    });
  });
});

test('a function for headers that fails with a network error is called again', async () => {
  await using server = await startScript(serveLog(turnOf('Hi')));
  const failures = [
    new TypeError('fetch failed'),
    new TypeError('Failed to fetch'),
    new TypeError('Load failed'),
  ];
  failures.push(new TypeError('NetworkError when attempting to fetch resource.'));
  failures.push(new DOMException('The operation timed out.', 'TimeoutError'));
  const headers = (): Record<string, string> => {
    const failure = failures.pop();
    if (failure) throw failure;
    return { authorization: 'x' };
  };
  const client = createClient({ url: server.url, headers, timing: createFakeTiming() });
  await next(client.session('s').events());
  expect(server.requests.map((request) => request.headers.authorization)).toEqual(['x']);
});

test('a key that no header can carry fails at once', async () => {
  const sending = createClient({ url, timing: createFakeTiming() }).session('s').send('Hi', { key: '鍵' });
  await expect(sending).rejects.toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('"idempotency-key"'),
  });
});

test("the error of a platform that refuses a request option holds the platform's own message", async () => {
  const words = "The 'cache' field on 'RequestInitializerDict' is not implemented.";
  const refuse = (): never => {
    throw new Error(words);
  };
  const real = globalThis.Request;
  // Older Workers refuse options that they do not know, both in `fetch` and in Request.
  globalThis.Request = class {
    readonly cache = refuse();
  } as unknown as typeof Request;
  try {
    const client = createClient({ url, fetch: async () => refuse(), timing: createFakeTiming() });
    await expect(client.session('s').send('Hi')).rejects.toMatchObject({
      code: 'bad_request',
      message: `The request cannot be made here: ${words}`,
    });
  } finally {
    globalThis.Request = real;
  }
});

test('no request uses a redirect mode that Workers refuse, and no redirect is followed', async () => {
  await using other = await startScript(json(200, { sessions: [] }));
  await using server = await startScript(
    (response) => response.writeHead(307, { location: `${other.url}/sessions` }).end(),
    json(200, { sessions: [] }),
  );
  const modes = new Set<string>();
  const fetch: FetchLike = (target, init) => {
    modes.add(init.redirect);
    return globalThis.fetch(target, init);
  };
  const client = createClient({ url: server.url, fetch, timing: createFakeTiming() });
  await expect(client.sessions({ tries: 1 })).rejects.toMatchObject({
    status: 307,
    message: `The answer is a redirect to ${other.url}/sessions, which is not followed.`,
  });
  expect(await client.sessions()).toEqual([]);
  expect(other.requests).toEqual([]);
  expect([...modes]).toEqual(['manual']);
});

test('a redirect that a browser hides is still recognized', async () => {
  const answers = [
    { status: 0, headers: new Headers(), body: null, text: async () => '' },
    Response.json({ sessions: [] }),
  ];
  const fetch: FetchLike = async () => answers.shift() ?? Response.error();
  const client = createClient({ url, fetch, timing: createFakeTiming() });
  expect(await client.sessions()).toEqual([]);
});

test.each([
  'localhost:8000',
  'ws://localhost:8000',
  'http://local host',
  'http://localhost:80800',
  'file:///x',
])('the url %j is refused when the client is created, also in a page', (bad) => {
  Object.assign(globalThis, { location: { href: 'http://page.example/', origin: 'http://page.example' } });
  try {
    expect(() => createClient({ url: bad })).toThrow(
      `A url such as 'http://127.0.0.1:8000' is needed, not '${bad}'.`,
    );
    expect(() => createClient({ url: '/agents' })).not.toThrow();
    expect(() => createClient()).not.toThrow();
  } finally {
    Reflect.deleteProperty(globalThis, 'location');
  }
});
