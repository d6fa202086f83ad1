// The tabs of one caller share one connection. The server names its callers.
import { expect, test } from 'vitest';
import type { ClientOptions } from '../../src/client/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import type { Listening } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { Server, ServerOptions } from '../../src/server/index.ts';
import { countEnds, isDone, isLive, until, useTabs } from './sharing.fixture.ts';
import type { Tab } from './sharing.fixture.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const agent = defineAgent({
  open: () =>
    async function* ({ input }) {
      yield `You said ${String(input.content)}.`;
    },
});

interface Served {
  readonly url: string;
  readonly server: Server;
  /** The requests that arrived, as `ada POST /streams`. */
  readonly asked: readonly string[];
  /** Returns the number of streams opened so far. */
  streams(): number;
  /** Replaces the server with a new one over the same store. */
  restart(options?: Partial<ServerOptions>): Promise<void>;
}

const cleanUp = createCleanUp();
// The tabs close before their server: the hook registered last runs first.
const tabs = useTabs();

/** Starts a server. Without `authenticate` in the options, callers are anonymous. */
async function serve(options: Partial<ServerOptions> = {}): Promise<Served> {
  const asked: string[] = [];
  const store = { ...memoryStore(), close: async () => {} };
  const start = async (port: number, more: Partial<ServerOptions>): Promise<[Server, Listening]> => {
    const server = createServer({ store, agent, gatherMs: 0, onError: () => {}, ...options, ...more });
    const listening = await listen(
      {
        ...server,
        handle: (request) => {
          asked.push(`${request.header('x-who') ?? 'nobody'} ${request.method} ${request.path}`);
          return server.handle(request);
        },
      },
      { port },
    );
    return [server, listening];
  };
  let [server, listening] = await start(0, {});
  cleanUp(() => listening.close(0));
  const { url } = listening;
  return {
    url,
    get server() {
      return server;
    },
    asked,
    streams: () => asked.filter((each) => each.endsWith('POST /streams')).length,
    async restart(more = {}) {
      await listening.close(0);
      [server, listening] = await start(Number(new URL(url).port), more);
    },
  };
}

const authenticate: ServerOptions['authenticate'] = (request) => request.header('x-who');
/** Opens a tab of a caller. The caller's name may change later. */
function open(url: string, who?: { name: string }, options: ClientOptions = {}): Tab {
  return tabs.open(url, { shared: true, ...(who && { headers: () => ({ 'x-who': who.name }) }), ...options });
}

test('ten tabs share one connection on a server without authentication', async () => {
  const { url, server } = await serve();
  const all = Array.from({ length: 10 }, () => open(url));
  const session = await all[0]?.client.create();
  const followed = all.map((tab) => tab.follow(session?.id ?? ''));
  await session?.send('Hi');
  await until(() => followed.every(isDone));
  await until(() => followed.every(isLive));
  expect(server.load.streams).toBe(1);
});

test('tabs of one caller share one connection, and tabs of another caller have another', async () => {
  const { url, streams, asked } = await serve({ authenticate });
  const [ada, ben] = [{ name: 'ada' }, { name: 'ben' }];
  const [first, second, other] = [open(url, ada), open(url, ada), open(url, ben)];
  const [session, bens] = [await first.client.create(), await other.client.create()];
  const all = [first.follow(session.id), second.follow(session.id), other.follow(bens.id)];
  await Promise.all([session.send('Hi'), bens.send('Hi')]);
  await until(() => all.every(isDone));
  expect(streams()).toBe(2);
  expect(asked.filter((each) => each.endsWith('/streams')).toSorted()).toEqual([
    'ada POST /streams',
    'ben POST /streams',
  ]);
});

test('a tab whose caller changes leaves the others, and reads only with its own credentials', async () => {
  const { url } = await serve({ authenticate });
  const [ada, changing] = [{ name: 'ada' }, { name: 'ada' }];
  const [leader, other] = [open(url, changing), open(url, ada)];
  const [hers, bens] = [
    await other.client.create(),
    await tabs.open(url, { headers: { 'x-who': 'ben' } }).client.create(),
  ];
  const leading = leader.follow(hers.id);
  await until(() => isLive(leading));
  const following = other.follow(hers.id);
  await until(() => isLive(following));

  // Ben logs in in ada's tab. That tab holds the connection of both tabs.
  changing.name = 'ben';
  const own = leader.follow(bens.id);
  await until(() => leading.isOver);
  expect(leading.error).toMatchObject({ code: 'not_found' });
  await leader.client.session(bens.id).send('Hi');
  await until(() => isDone(own));
  await hers.send('Hi');
  await until(() => isDone(following));
  expect(following.error).toBeUndefined();
});

test("a tab whose caller changed receives no error about another tab's session", async () => {
  const { url } = await serve({ authenticate });
  const changing = { name: 'ada' };
  const [leader, other] = [open(url, { name: 'ada' }), open(url, changing)];
  const [hers, bens] = [
    await leader.client.create(),
    await tabs.open(url, { headers: { 'x-who': 'ben' } }).client.create(),
  ];
  const leading = leader.follow(hers.id);
  await until(() => isLive(leading));
  const before = other.follow(hers.id);
  await until(() => isLive(before));
  before.stop();
  changing.name = 'ben';
  const after = other.follow(bens.id);
  await other.client.session(bens.id).send('Hi');
  await until(() => isDone(after));
  await hers.send('Hi');
  await until(() => isDone(leading));
});

test('credentials that are no longer valid end their own tab, and another tab leads', async () => {
  const { url } = await serve({ authenticate });
  const changing = { name: 'ada' };
  const [first, second] = [open(url, changing), open(url, { name: 'ada' })];
  const session = await second.client.create();
  const leading = first.follow(session.id);
  await until(() => isLive(leading));
  const following = second.follow(session.id);
  await until(() => isLive(following));
  changing.name = '';
  // The connection is opened again, with the invalid credentials.
  first.follow((await second.client.create()).id);
  await until(() => leading.isOver);
  expect(leading.error).toMatchObject({ status: 401 });
  await session.send('Hi');
  await until(() => isDone(following));
  expect(following.error).toBeUndefined();
});

test('tabs find each other again after a restart that gives callers new names', async () => {
  const served = await serve();
  const before = [open(served.url), open(served.url)];
  const session = await before[0]?.client.create();
  const followed = before.map((tab) => tab.follow(session?.id ?? ''));
  await until(() => followed.every(isLive));
  await served.restart();
  followed.push(open(served.url).follow(session?.id ?? ''));
  await session?.send('Hi');
  await until(() => followed.every((each) => countEnds(each) === 1));
  await until(() => followed.every(isLive));
  expect(served.server.load.streams).toBe(1);
  // Events about the connection itself have no id.
  const ids = followed.map(({ received }) => received.flatMap(({ id }) => id ?? []));
  for (const each of ids) expect(each).toEqual(ids[2]);
}, 30_000);

test('a tab follows alone where each node gives a caller another name', async () => {
  const { url, server } = await serve();
  const [, first] = await Promise.all([serve(), serve()]);
  // A proxy that sends each request for a name to the other node.
  const fetch: ClientOptions['fetch'] = (target, init) =>
    globalThis.fetch(new URL(target).pathname === '/caller' ? `${first.url}/caller` : target, init);
  const tab = open(url, undefined, { fetch });
  const session = await tab.client.create();
  const followed = tab.follow(session.id);
  await session.send('Hi');
  await until(() => isDone(followed));
  expect(followed.error).toBeUndefined();
  expect(server.load.streams).toBe(1);
});

test('a tab follows alone on a server without caller names, and in a browser that refuses locks', async () => {
  const { url, asked, streams } = await serve();
  const older: ClientOptions['fetch'] = (target, init) =>
    globalThis.fetch(target.replace('/caller', '/nowhere'), init);
  const one = open(url, undefined, { fetch: older });
  const session = await one.client.create();
  const followed = [one.follow(session.id)];
  await session.send('Hi');
  await until(() => followed.every(isDone));

  const { request } = navigator.locks;
  // As in a sandboxed frame, or in a browser that must store no data.
  navigator.locks.request = () => Promise.reject(new DOMException('Access is denied.', 'SecurityError'));
  try {
    followed.push(open(url).follow(session.id));
    await until(() => followed.every(isDone));
  } finally {
    navigator.locks.request = request;
  }
  expect(streams()).toBe(0);
  expect(asked.filter((each) => each.includes('GET /stream/'))).toHaveLength(2);
});

test('a logout in a tab that follows nothing also reaches the other tabs', async () => {
  const { url } = await serve();
  const session = await open(url).client.create();
  const followed = open(url).follow(session.id);
  await until(() => isLive(followed));
  open(url).client.logout();
  await until(() => followed.isOver);
  expect(followed.error).toBeUndefined();
});
