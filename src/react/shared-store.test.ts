import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from '../client/index.ts';
import type { ClientOptions } from '../client/index.ts';
import { isOver, serve, url } from './serve.fixture.ts';
import { createSharedStore } from './shared-store.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionView } from './session-view.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Component extends SessionStore {
  unmount(): void;
  until(holds: (view: SessionView) => boolean): Promise<SessionView>;
}

/** Does what a component does with a store: it renders, and then subscribes. */
function mount(source: SessionSource, options: UseSessionOptions): Component {
  const store = createSharedStore(source, options);
  store.get();
  const unmount = store.subscribe(() => store.get());
  closing.push(unmount);
  const until = (holds: (view: SessionView) => boolean): Promise<SessionView> =>
    vi.waitFor(() => {
      expect(holds(store.get())).toBe(true);
      return store.get();
    }, 5_000);
  return { ...store, unmount, until };
}

const countStreams = (requests: readonly string[]): number =>
  requests.filter((request) => request.startsWith('GET /stream/')).length;

test('components that follow one session share one connection and its messages', async () => {
  const served = serve();
  const options = { fetch: served.fetch };
  const session = await createClient({ url, ...options }).create();
  const source = `${url}/session/${session.id}`;
  const all = Array.from({ length: 5 }, () => mount(source, { ...options, metadata: [Math.random()] }));
  const views = await Promise.all(all.map((each) => each.until(({ connection }) => connection === 'live')));
  expect(served.streams()).toBe(1);
  const sending = views[0]?.send('hi');
  for (const { get } of all) expect(get().sending).toMatchObject([{ content: 'hi' }]);
  await sending;
  const over = await Promise.all(all.map(({ until }) => until(isOver)));
  for (const { messages } of over) expect(messages).toBe(over[0]?.messages);
  expect(countStreams(served.requests)).toBe(1);
});

test('a later component shows at once what is known, and the last one to leave ends the connection', async () => {
  const served = serve();
  const options = { fetch: served.fetch };
  const { id } = await createClient({ url, ...options }).create();
  const source = `${url}/session/${id}`;
  const first = mount(source, options);
  await first.get().send('hi');
  await first.until(isOver);
  const late = createSharedStore(source, options);
  expect(late.get()).toMatchObject({
    status: 'ready',
    connection: 'live',
    messages: [{ content: 'hi' }, {}],
  });
  const second = mount(source, options);
  first.unmount();
  await second.get().send('again');
  await second.until((view) => isOver(view) && view.messages.length === 4);
  expect(countStreams(served.requests)).toBe(1);
  second.unmount();
  await vi.waitFor(() => expect(served.streams()).toBe(0));
});

test('the session that a component created is shared with components that follow its URL', async () => {
  const served = serve();
  const options = { fetch: served.fetch };
  const [first, other] = [mount(url, options), mount(url, options)];
  await first.get().send('hi');
  const { session } = await first.until(isOver);
  const by = mount(`${url}/session/${session}`, options);
  expect(by.get().messages).toHaveLength(2);
  expect(countStreams(served.requests)).toBe(1);
  // The URL of a server names no session: each component begins its own.
  await other.get().send('hello');
  expect((await other.until(isOver)).session).not.toBe(session);
});

test('functions stay the same when the store behind them changes', async () => {
  const served = serve();
  const options = { fetch: served.fetch };
  const { id } = await createClient({ url, ...options }).create();
  const source = `${url}/session/${id}`;
  const [one, other] = [createSharedStore(source, options), createSharedStore(source, options)];
  const before = [one.get(), other.get()] as const;
  for (const each of [one, other]) closing.push(each.subscribe(() => {}));
  await before[1].send('hi');
  await vi.waitFor(() => expect(isOver(one.get())).toBe(true));
  expect(other.get().messages).toBe(one.get().messages);
  expect([one.get().send, other.get().send]).toEqual([before[0].send, before[1].send]);
  expect(one.get()).toBe(one.get());
});

test('components with different options have connections of their own', async () => {
  const served = serve();
  const { fetch } = served;
  const { id } = await createClient({ url, fetch }).create();
  const source = `${url}/session/${id}`;
  const headers = { authorization: 'ada' };
  const renew = (): typeof headers => headers;
  const alike: readonly (readonly [ClientOptions, ClientOptions, number])[] = [
    [{ fetch }, { fetch }, 1],
    [{ fetch, headers: { ...headers } }, { fetch, headers: { ...headers } }, 1],
    [{ fetch, headers: renew }, { fetch, headers: renew }, 1],
    [{ fetch, headers: { ...headers } }, { fetch, headers: { authorization: 'eve' } }, 2],
    [{ fetch, headers }, { fetch }, 2],
    [{ fetch, headers: () => headers }, { fetch, headers: () => headers }, 2],
    [{ fetch }, { fetch, readTimeoutMs: 60_000 }, 2],
  ];
  for (const [one, other, streams] of alike) {
    const both = [mount(source, one), mount(source, other)];
    await Promise.all(both.map(({ until }) => until(({ connection }) => connection === 'live')));
    expect(served.streams()).toBe(streams);
    for (const { unmount } of both) unmount();
    await vi.waitFor(() => expect(served.streams()).toBe(0));
  }
});

test('handles of one client share a connection, and those of two clients do not', async () => {
  const served = serve();
  const { fetch } = served;
  const [ada, eve] = [createClient({ url, fetch }), createClient({ url, fetch })];
  const { id } = await ada.create();
  const all = [ada, ada, eve].map((client) => mount(client.session(id), {}));
  await Promise.all(all.map(({ until }) => until(({ connection }) => connection === 'live')));
  expect(served.streams()).toBe(2);
});
