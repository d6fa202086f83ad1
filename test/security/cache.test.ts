// A real nginx with a cache before two people. It caches what it may for ten minutes, by the URL alone.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineAgent, toText } from 'heddle';
import { apiKeys, cookieSession, firstOf } from 'heddle/auth';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import { createServer } from 'heddle/server';
import { startCachingNginx } from './caching-nginx.fixture.ts';
import { root } from '../rig/child.ts';

type Who = 'ada' | 'eve' | 'nobody';
type Headers = Readonly<Record<string, string>>;

const toClose: (() => unknown)[] = [];
/** Heddle itself, a cache that obeys Heddle's headers, and a cache that ignores them. */
let urls: Readonly<Record<'heddle' | 'obedient' | 'careless', string>>;
beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        yield toText(input.content);
      },
  });
  const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
  const server = createServer({
    agent,
    store: memoryStore(),
    gatherMs: 0,
    page: pageFiles(join(root, 'dist/page')),
    authenticate: firstOf(
      apiKeys({ ada: digest('ada-key'), eve: digest('eve-key') }),
      cookieSession({ name: 'sid', find: (value) => /^(\w+)-login$/.exec(value)?.[1] }),
    ),
  });
  const heddle = await listen(server, { port: 0 });
  toClose.push(() => heddle.close(0));
  const nginx = await startCachingNginx(heddle.url);
  toClose.push(() => nginx.stop());
  urls = { ...nginx, heddle: heddle.url };
});
afterAll(async () => {
  for (const close of toClose.toReversed()) await close();
});

interface Answered {
  readonly status: number;
  readonly text: string;
  /** nginx's cache status: HIT if the response came from the cache. */
  readonly cache: string | null;
}

/** Reads a response to its end. A stream without an end is read to the end of a turn or to a resync. */
async function get(url: string, asked: Headers = {}): Promise<Answered> {
  const { status, headers, body } = await fetch(url, { headers: asked });
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (/"type":"(?:message_end|resync)"/.test(text)) break;
  }
  // The `retry` delay is random.
  return { status, text: text.replace(/^retry: .*$/m, ''), cache: headers.get('x-cache-status') };
}

async function post(
  url: string,
  headers: Headers,
  body: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

const ways: readonly (readonly [string, (who: Who) => Headers])[] = [
  ['a key', (who) => (who === 'nobody' ? {} : { authorization: `Bearer ${who}-key` })],
  [
    'a cookie',
    (who) => ({ 'sec-fetch-site': 'same-origin', ...(who !== 'nobody' && { cookie: `sid=${who}-login` }) }),
  ],
];

interface Told extends Answered {
  readonly name: string;
  /** Heddle's own response to the same caller. */
  readonly truth: Answered;
}

/** Ada talks. Then all callers request the same URLs, one after another. */
async function talk(url: string, as: (who: Who) => Headers, order: readonly Who[]): Promise<readonly Told[]> {
  const { session_id: session } = await post(`${url}/session`, as('ada'), {});
  await post(`${url}/message/${String(session)}`, as('ada'), { content: 'hello' });
  // Waits for the end of the turn, so that a cached response would be complete.
  await get(`${urls.heddle}/stream/${String(session)}`, as('ada'));
  const link = await post(`${url}/link/${String(session)}`, as('ada'), {});
  const { pathname, search } = new URL(String(link['url']), `${url}/link/${String(session)}`);
  const mark = crypto.randomUUID();
  const paths: Readonly<Record<string, string>> = {
    // Endless streams pass through nginx without delay only if it obeys Heddle.
    ...(url === urls.obedient && {
      stream: `/stream/${String(session)}`,
      'stream of the state': `/stream/${String(session)}?from=state`,
      'stream by a link': pathname + search,
    }),
    'one-shot': `/stream?prompt=hello&key=${mark}`,
    poll: `/events/${String(session)}`,
    'poll that waits': `/events/${String(session)}?wait=1`,
    'poll by a link': (pathname + search).replace('stream', 'events'),
    session: `/session/${String(session)}`,
    sessions: `/sessions?${mark}`,
    'no session': `/session/${mark}`,
    'no path': `/${mark}`,
    'not an admin': `/admin/sessions?${mark}`,
    malformed: `/events/${String(session)}?after=${mark}`,
  };
  const told: Told[] = [];
  for (const [name, path] of Object.entries(paths)) {
    for (const who of order) {
      const answered = await get(url + path, as(who));
      told.push({ ...answered, name: `${name}, ${who}`, truth: await get(urls.heddle + path, as(who)) });
    }
  }
  return told;
}

describe.each(ways)('people who authenticate with %s', (_, as) => {
  const orders = {
    'ada first': ['ada', 'ada', 'eve', 'nobody'],
    'ada last': ['nobody', 'eve', 'ada'],
  } as const;

  test.each(Object.entries(orders))('get their own responses, and none is cached: %s', async (_, order) => {
    for (const { name, status, text, cache, truth } of await talk(urls.obedient, as, order)) {
      expect({ name, cache, status, text }).toEqual({
        name,
        cache: 'MISS',
        status: truth.status,
        text: truth.text,
      });
    }
  });

  test("the twin: a cache that ignores the headers sends the first caller's responses to all", async () => {
    const after = await talk(urls.careless, as, ['ada', 'eve', 'nobody']);
    const wrong = after.filter(({ cache, text, truth }) => cache === 'HIT' && text !== truth.text);
    expect(wrong.map(({ name }) => name)).toEqual([
      'one-shot, eve',
      'one-shot, nobody',
      'poll, eve',
      'poll, nobody',
      'poll that waits, eve',
      'poll that waits, nobody',
      'session, eve',
      'session, nobody',
      'sessions, eve',
      'sessions, nobody',
      'no session, nobody',
      'not an admin, nobody',
      'malformed, nobody',
    ]);
    const before = await talk(urls.careless, as, ['nobody', 'ada']);
    expect(before.filter(({ name, status }) => name.endsWith('ada') && status === 401)).toHaveLength(8);
  });
});

test('nginx caches only those files of the page that have a hash in their name', async () => {
  const page = await get(`${urls.obedient}/`);
  const assets = [...page.text.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(assets.length).toBeGreaterThan(1);
  expect((await get(`${urls.obedient}/`)).cache).toBe('MISS');
  for (const path of assets) {
    expect((await get(urls.obedient + path)).cache).toBe('MISS');
    expect(await get(urls.obedient + path)).toMatchObject({ status: 200, cache: 'HIT' });
  }
  // A file that is missing today may exist tomorrow.
  for (let count = 0; count < 2; count += 1)
    expect(await get(`${urls.obedient}/assets/none.js`)).toMatchObject({ status: 404, cache: 'MISS' });
});
