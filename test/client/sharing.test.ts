import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClientOptions, EventAtId } from '../../src/client/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import type { Listening } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { Server } from '../../src/server/index.ts';
import { countEnds, isDone, until, useTabs } from './sharing.fixture.ts';
import type { Followed, Tab } from './sharing.fixture.ts';

const words = Array.from({ length: 20 }, (_, index) => `wörd${index} 語 `);
const agent = defineAgent({
  open: () =>
    async function* () {
      for (const word of words) {
        await delay(5);
        yield word;
      }
    },
});

let server: Server;
let listening: Listening;
/** The requests that arrived, as `POST /streams`. */
let asked: string[];

beforeEach(async () => {
  server = createServer({ store: memoryStore(), agent, gatherMs: 0 });
  asked = [];
  listening = await listen(
    {
      ...server,
      handle: (request) => {
        asked.push(`${request.method} ${request.path}`);
        return server.handle(request);
      },
    },
    { port: 0 },
  );
});
afterEach(async () => {
  await listening.close(0);
});
// The tabs close before their server: the hook registered last runs first.
const tabs = useTabs();

const openTab = (options: ClientOptions = {}): Tab => tabs.open(listening.url, options);

const streams = (): number => asked.filter((one) => one === 'POST /streams').length;
/** Reads a session with a connection of its own. */
async function readAlone(session: string): Promise<readonly EventAtId[]> {
  const alone = openTab({ shared: false }).follow(session);
  await until(() => isDone(alone));
  await delay(20);
  alone.stop();
  return alone.received;
}

describe('tabs of one person', () => {
  test('hold one connection for all their sessions, and each receives all of its own', async () => {
    const tabs = Array.from({ length: 4 }, () => openTab());
    const sessions = await Promise.all(tabs.map(({ client }) => client.create()));
    const all = tabs.flatMap((tab) => sessions.map((session) => tab.follow(session.id)));
    await Promise.all(sessions.map((session) => session.send('Hi')));
    await until(() => all.every(isDone));
    expect(server.load.streams).toBe(sessions.length);
    for (const [index, followed] of all.entries()) {
      const session = sessions[index % sessions.length];
      expect(followed.received).toEqual(await readAlone(session?.id ?? ''));
    }
  });

  test('change their connection at most once when many load together', async () => {
    const first = openTab();
    const sessions = await Promise.all(Array.from({ length: 6 }, () => first.client.create()));
    const all = sessions.map(({ id }) => openTab().follow(id));
    await until(() => all.every(({ connections }) => connections.includes('live')));
    expect(streams()).toBeLessThanOrEqual(2);
  });

  test('a later tab goes on after the id it has, and reads missing entries from the log', async () => {
    const first = openTab();
    const session = await first.client.create();
    const early = first.follow(session.id);
    await session.send('Hi');
    await until(() => early.received.length > 8);
    const middle = early.received[4]?.id;
    const late = openTab().follow(session.id);
    const after = openTab().follow(session.id, middle === undefined ? {} : { after: middle });
    await until(() => [early, late, after].every(isDone));
    expect(late.received).toEqual(early.received);
    expect(after.received).toEqual(early.received.slice(5));
    expect(streams()).toBe(1);
  });

  test('another tab takes over when the leader closes in mid-answer, and each entry arrives once', async () => {
    const [first, second, third] = [openTab(), openTab(), openTab()];
    const session = await first.client.create();
    const leading = first.follow(session.id);
    await until(() => leading.connections.includes('live'));
    const others = [second.follow(session.id), third.follow(session.id)];
    await session.send('Hi');
    await until(() => others.every(({ received }) => received.length > 8));
    leading.stop();
    await until(() => others.every(isDone));
    const whole = await readAlone(session.id);
    for (const { received } of others) expect(received).toEqual(whole);
    expect(streams()).toBe(2);
  });

  test('the others take the lead from a tab that does not respond, and it follows them when it wakes', async () => {
    const first = openTab();
    const session = await first.client.create();
    // A frozen tab keeps its lock and sends nothing.
    const name = await lockName(first, session.id);
    const frozen = new AbortController();
    tabs.afterwards(() => frozen.abort());
    let isLost = false;
    const lock = navigator.locks.request(
      name,
      () => new Promise<void>((resolve) => frozen.signal.addEventListener('abort', () => resolve())),
    );
    lock.catch(() => (isLost = true));
    vi.useFakeTimers({ toFake: ['setInterval'], shouldAdvanceTime: true, advanceTimeDelta: 20 });
    try {
      const others = [openTab().follow(session.id), openTab().follow(session.id)];
      await delay(50);
      expect(streams()).toBe(0);
      await vi.advanceTimersByTimeAsync(16_000);
      await until(() => others.every(({ connections }) => connections.includes('live')));
      expect(isLost).toBe(true);
      await session.send('Hi');
      await until(() => others.every(isDone));
    } finally {
      vi.useRealTimers();
    }
  });

  test('the others take the lead from a tab that responds but whose connection is dead', async () => {
    let late = 0;
    // The leader reads no more, because its timers are slowed down or frozen. It still receives messages.
    const first = openTab({
      readTimeoutMs: Infinity,
      timing: { now: () => performance.now() + late },
      fetch: async (url, init) => {
        if (!url.endsWith('/streams')) return fetch(url, init);
        return new Response(new ReadableStream({ start: (body) => body.enqueue(Buffer.from(': hi\n\n')) }), {
          headers: { 'content-type': 'text/event-stream' },
        });
      },
    });
    const session = await first.client.create();
    const leading = first.follow(session.id);
    await until(() => leading.connections.includes('live'));
    vi.useFakeTimers({ toFake: ['setInterval'], shouldAdvanceTime: true, advanceTimeDelta: 20 });
    try {
      const second = openTab().follow(session.id);
      await until(() => second.connections.includes('live'));
      await vi.advanceTimersByTimeAsync(16_000);
      expect(streams()).toBe(0);
      late = 60_000;
      await vi.advanceTimersByTimeAsync(6_000);
      await until(() => streams() === 1);
      await session.send('Hi');
      await until(() => [leading, second].every(isDone));
    } finally {
      vi.useRealTimers();
    }
  });

  test('a page that is frozen or left holds no connection, and goes on where it was when it returns', async () => {
    const tab = openTab();
    const session = await tab.client.create();
    const followed = tab.follow(session.id);
    await session.send('Hi');
    await until(() => followed.received.length > 8);
    tab.change('left');
    await until(() => server.load.streams === 0);
    const before = followed.received.length;
    await delay(150);
    expect(followed.received).toHaveLength(before);
    tab.change('back');
    await until(() => isDone(followed));
    expect(followed.received).toEqual(await readAlone(session.id));
  });

  test('a deleted session ends for its followers only', async () => {
    const tab = openTab();
    const [kept, dropped] = [await tab.client.create(), await tab.client.create()];
    const [first, second] = [tab.follow(kept.id), openTab().follow(dropped.id)];
    await until(() => [first, second].every(({ connections }) => connections.includes('live')));
    await dropped.drop();
    await until(() => second.isOver);
    expect(second.error).toMatchObject({ code: 'not_found', status: 404 });
    await kept.send('Hi');
    await until(() => isDone(first));
  });

  test('nothing is read after the last follower stopped, nor after a logout', async () => {
    const [first, second] = [openTab(), openTab()];
    const session = await first.client.create();
    const one = first.follow(session.id);
    await until(() => one.connections.includes('live'));
    one.stop();
    await until(() => server.load.streams === 0);

    const all = [first.follow(session.id), second.follow(session.id)];
    await until(() => all.every(({ connections }) => connections.includes('live')));
    second.client.logout();
    await until(() => all.every(({ isOver, error }) => isOver && error === undefined));
    await until(() => server.load.streams === 0);
  });

  test('a permanent error ends every tab', async () => {
    const session = await openTab({ shared: false }).client.create();
    const broken = {
      fetch: async () => new Response('{"code":"unauthorized","title":"No."}', { status: 401 }),
    };
    const all = [openTab(broken).follow(session.id), openTab(broken).follow(session.id)];
    await until(() => all.every(({ isOver }) => isOver));
    for (const { error } of all) expect(error).toMatchObject({ code: 'unauthorized', status: 401 });
  });
});

test('a tab that joins in mid-answer receives the answer from its beginning', async () => {
  const first = openTab();
  const session = await first.client.create();
  const leading = first.follow(session.id);
  await until(() => leading.connections.includes('live'));
  await session.send('Hi');
  const late: Followed[] = [];
  const tab = openTab();
  tab.follow((await tab.client.create()).id);
  while (!isDone(leading)) {
    late.push(tab.follow(session.id));
    await delay(20);
  }
  expect(late.length).toBeGreaterThan(2);
  await until(() => late.every(isDone));
  for (const { received } of late) expect(received).toEqual(leading.received);
});

test('a logout in a tab that follows nothing reaches the other tabs', async () => {
  const session = await openTab().client.create();
  const followed = openTab().follow(session.id);
  await until(() => followed.connections.includes('live'));
  openTab().client.logout();
  await until(() => followed.isOver);
  expect(followed.error).toBeUndefined();
});

test('the leader keeps its own sessions, however long it sends itself nothing', async () => {
  let late = 0;
  const leader = openTab({ timing: { now: () => performance.now() + late } });
  const [own, other] = [await leader.client.create(), await leader.client.create()];
  const followed = leader.follow(own.id);
  await until(() => followed.connections.includes('live'));
  late = 200_000;
  const second = openTab().follow(other.id);
  await until(() => second.connections.includes('live'));
  await own.send('Hi');
  await until(() => isDone(followed));
});

test('only the session beyond the limit ends', async () => {
  const tab = openTab();
  const sessions = await Promise.all(Array.from({ length: 101 }, () => tab.client.create()));
  const all = sessions.map(({ id }) => tab.follow(id));
  await until(() => all.some(({ isOver }) => isOver));
  await until(() => all.filter(({ connections }) => connections.includes('live')).length >= 100);
  expect(all.filter(({ isOver }) => isOver).map(({ error }) => error)).toMatchObject([{ code: 'too_many' }]);
});

test('tabs of different people share nothing', async () => {
  const [anna, ben] = [openTab(), openTab({ shared: 'ben' })];
  const session = await anna.client.create();
  const both = [anna.follow(session.id), ben.follow(session.id)];
  await session.send('Hi');
  await until(() => both.every(isDone));
  expect(streams()).toBe(2);
  anna.client.logout();
  await until(() => both[0]?.isOver === true);
  await session.send('Again');
  await until(() => both.slice(1).every((each) => countEnds(each) === 2));
});

test.each<[string, () => void]>([
  ['are null', () => stubLocks(null)],
  ['have no methods', () => stubLocks({})],
  ['refuse', () => stubLocks({ request: () => Promise.reject(new Error('No locks here.')) })],
  ['never call the callback', () => stubLocks({ request: () => Promise.resolve() })],
  ['never answer', () => stubLocks({ request: () => new Promise(() => {}) })],
  [
    'are there, and channels refuse',
    () =>
      vi.stubGlobal('BroadcastChannel', function refuse() {
        throw new Error('No channels here.');
      }),
  ],
])('a session is followed alone where locks %s', async (_, stub) => {
  stub();
  tabs.afterwards(() => vi.unstubAllGlobals());
  // The client waits for no lock that does not answer.
  const tab = openTab({ timing: { sleep: () => delay(1) } });
  const session = await tab.client.create();
  const followed = tab.follow(session.id);
  await session.send('Hi');
  await until(() => isDone(followed));
  expect(asked).toContain(`GET /stream/${session.id}`);
  expect(streams()).toBe(0);
});

function stubLocks(locks: unknown): void {
  vi.stubGlobal('navigator', { locks });
}

/** Returns the name of the lock that a tab holds as leader. */
async function lockName(tab: Tab, session: string): Promise<string> {
  const followed = tab.follow(session);
  await until(() => followed.connections.includes('live'));
  const { held = [] } = await navigator.locks.query();
  followed.stop();
  await until(() => server.load.streams === 0);
  asked = [];
  return held[0]?.name ?? '';
}
