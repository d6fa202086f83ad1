import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createFakeTiming } from '../client/fake-timing.fixture.ts';
import { createClient } from '../client/index.ts';
import type { FetchLike } from '../client/index.ts';
import { isOver, serve, url } from './serve.fixture.ts';
import type { SessionView } from './session-view.ts';

/** Returns how many user messages the view shows. */
const countSent = ({ messages, sending }: SessionView): number =>
  messages.filter(({ role }) => role === 'user').length + sending.length;
const isMessage = (init: Parameters<FetchLike>[1], target: string): boolean =>
  init.method === 'POST' && target.includes('/message/');
const changes = <T>(values: readonly T[]): readonly T[] =>
  values.filter((value, index) => value !== values[index - 1]);

test('the first message creates the session, and its answer comes', async () => {
  const served = serve();
  const store = served.open();
  expect(store.get()).toMatchObject({ session: undefined, status: 'ready', connection: 'idle' });
  await store.get().send('hi');
  const { session, messages } = await store.until(isOver);
  expect(messages).toMatchObject([
    { role: 'user', content: 'hi' },
    { role: 'agent', parts: [{ type: 'text', text: 'You said hi.' }] },
  ]);
  expect(served.requests.filter((request) => request === 'POST /session')).toHaveLength(1);
  expect(store.isAt(`${url}/session/${session}`)).toBe(true);
  expect(store.isAt(url)).toBe(false);
});

test('messages sent at once go into one session, in their order', async () => {
  let first = true;
  const served = serve(undefined, (fetch) => async (target, init) => {
    // The first message is slow on its way.
    if (isMessage(init, target) && first) {
      first = false;
      await delay(100);
    }
    return fetch(target, init);
  });
  const store = served.open();
  const { send } = store.get();
  await Promise.all([send('one'), send('two'), send('three')]);
  const { messages } = await store.until((view) => view.status === 'ready' && view.messages.length === 6);
  const sent = messages.filter((message) => message.role === 'user');
  expect(sent.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  expect(served.requests.filter((request) => request === 'POST /session')).toHaveLength(1);
});

test('after a failed create, the same message sent again is the same one, in the same session', async () => {
  let failing = true;
  const keys = new Set<string | undefined>();
  const served = serve(undefined, (fetch) => async (target, init) => {
    if (new URL(target).pathname !== '/session') return fetch(target, init);
    keys.add(init.headers['idempotency-key']);
    const answer = await fetch(target, init);
    // The session was created, but the response is lost.
    if (failing) throw new TypeError('network');
    return answer;
  });
  const store = served.open(url, { timing: createFakeTiming() });
  await expect(store.get().send('hi', { tries: 1 })).rejects.toMatchObject({ code: 'unreachable' });
  expect(store.get()).toMatchObject({ sending: [], status: 'ready', session: undefined });
  failing = false;
  await store.get().send('hi');
  expect(countSent(await store.until(isOver))).toBe(1);
  expect([...keys]).toEqual([expect.any(String)]);
  expect(await createClient({ url, fetch: served.fetch }).sessions()).toHaveLength(1);
});

test('after a failed create, a different message gets a session of its own', async () => {
  let failing = true;
  const served = serve(undefined, (fetch) => async (target, init) => {
    const answer = await fetch(target, init);
    if (failing) throw new TypeError('network');
    return answer;
  });
  const store = served.open(url, { timing: createFakeTiming() });
  await expect(store.get().send('hi', { tries: 1 })).rejects.toMatchObject({ code: 'unreachable' });
  failing = false;
  await store.get().send('good day');
  const { messages } = await store.until(isOver);
  expect(messages).toMatchObject([{ content: 'good day' }, { parts: [{ text: 'You said good day.' }] }]);
});

test.each(['the answer to its post', 'its entry'])(
  'a message is shown once, also if %s comes first',
  async (first) => {
    const entryFirst = first === 'its entry';
    const seen = Promise.withResolvers<void>();
    const served = serve(undefined, (fetch) => async (target, init) => {
      if (!entryFirst && target.includes('/stream/')) await seen.promise;
      const answer = await fetch(target, init);
      if (entryFirst && isMessage(init, target)) await seen.promise;
      return answer;
    });
    const session = await createClient({ url, fetch: served.fetch }).create();
    const store = served.open(`${url}/session/${session.id}`);
    await store.until((view) => view.status === 'ready');
    const sent = store.get().send('hi');
    if (entryFirst) await store.until(isOver);
    else await sent;
    seen.resolve();
    await sent;
    await store.until(isOver);
    const shown = store.views.map(countSent);
    expect(changes(shown.slice(shown.indexOf(1)))).toEqual([1]);
    expect(store.get().sending).toEqual([]);
  },
);

test('equal messages are shown as often as they were sent, also while the log is slow', async () => {
  const gates = { stream: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
  let posts = 0;
  const served = serve(undefined, (fetch) => async (target, init) => {
    if (target.includes('/stream/')) await gates.stream.promise;
    if (isMessage(init, target) && (posts += 1) === 2) await gates.second.promise;
    return fetch(target, init);
  });
  const session = await createClient({ url, fetch: served.fetch }).create();
  const store = served.open(`${url}/session/${session.id}`);
  await store.until((view) => view.status === 'ready');
  const { send } = store.get();
  const sent = [send('hi'), send('hi')];
  await vi.waitFor(() => expect(posts).toBe(2));
  gates.stream.resolve();
  await store.until(({ messages }) => messages.length === 2);
  gates.second.resolve();
  await Promise.all(sent);
  await store.until((view) => view.status === 'ready' && view.messages.length === 4);
  const shown = store.views.map(countSent);
  expect(changes(shown.slice(shown.indexOf(2)))).toEqual([2]);
});

test('a message that cannot be sent is rejected, and the next one is sent', async () => {
  const served = serve();
  const store = served.open();
  const { send } = store.get();
  const [refused, sent] = await Promise.allSettled([send('x'.repeat(20_000_000)), send('hi')]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'too_large' } });
  expect(sent.status).toBe('fulfilled');
  const { messages, sending } = await store.until(isOver);
  expect([messages.length, sending.length]).toEqual([2, 0]);
});

test('the status shows what the session waits for', async () => {
  const goOn = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const served = serve(async function* ({ input }) {
    if (input.type === 'answers') return yield 'Done.';
    await goOn[0]?.promise;
    yield 'Well';
    await goOn[1]?.promise;
    yield { type: 'approval_request', approval: 'a1', reason: 'Really?' };
  });
  const store = served.open();
  await store.get().send('hi');
  await store.until((view) => view.turn !== undefined);
  expect(store.get().status).toBe('submitted');
  goOn[0]?.resolve();
  await store.until((view) => view.status === 'streaming');
  goOn[1]?.resolve();
  const { approvals } = await store.until((view) => view.status === 'waiting');
  expect(approvals).toMatchObject([{ approval: 'a1', reason: 'Really?' }]);
  await store.get().answer('a1', true);
  await store.until((view) => view.status === 'ready');
  expect(store.get().messages.at(-1)).toMatchObject({ parts: [{ text: 'Done.' }] });
  const statuses = changes(store.views.map(({ status }) => status));
  expect(statuses.slice(0, 3)).toEqual(['submitted', 'streaming', 'waiting']);
  await expect(store.get().answer('a1', true)).rejects.toMatchObject({ code: 'too_late' });

  const late = served.open(`${url}/session/${store.get().session}`);
  expect(late.get()).toMatchObject({ status: 'loading', connection: 'connecting' });
  await late.until((view) => view.status === 'ready');
});

test('a call that waits for approval is one call, and is then carried out in its place', async () => {
  const served = serve(async function* ({ input }) {
    const asks = input.type === 'message';
    yield { type: 'tool_use', call: 'c1', tool: 'send', input: { to: 'ada' } };
    if (asks) yield { type: 'approval_request', approval: 'a1', call: 'c1', reason: 'Really?' };
    else yield { type: 'tool_result', call: 'c1', output: 'sent' };
  });
  const store = served.open();
  await store.get().send('hi');
  await store.until(({ status }) => status === 'waiting');
  const callsOf = ({ messages }: SessionView): readonly unknown[] =>
    messages.flatMap((each) =>
      each.role === 'agent' ? each.parts.filter(({ type }) => type === 'tool') : [],
    );
  expect(callsOf(store.get())).toMatchObject([{ call: 'c1', status: 'waiting' }]);
  await store.get().answer('a1', true);
  const view = await store.until(({ status }) => status === 'ready');
  expect(callsOf(view)).toMatchObject([{ call: 'c1', status: 'ok', output: 'sent' }]);
  expect(view.messages[1]).toMatchObject({
    parts: [{ type: 'tool' }, { type: 'approval', status: 'answered' }],
  });
  // No view ever showed the call as cancelled, or twice.
  for (const seen of store.views) {
    expect(callsOf(seen).length).toBeLessThanOrEqual(1);
    expect(callsOf(seen)).not.toMatchObject([{ status: 'cancelled' }]);
  }
});

test('cancel stops the open turn, and withdraw takes back a message that waits', async () => {
  const served = serve(async function* ({ signal }) {
    yield 'Well';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  const store = served.open();
  await store.get().cancel();
  await expect(store.get().withdraw('m1')).rejects.toMatchObject({ code: 'not_found' });
  await store.get().send('one');
  await store.until(({ status }) => status === 'streaming');
  const { message } = await store.get().send('two');
  await store.until(({ messages }) => messages.length === 3);
  await store.get().withdraw(message);
  await store.get().cancel();
  const { messages } = await store.until(({ status }) => status === 'ready');
  expect(messages).toMatchObject([{ content: 'one' }, { outcome: 'cancelled' }, { status: 'withdrawn' }]);
});

test('unchanged messages and functions keep their identity', async () => {
  const store = serve().open();
  const { send, cancel } = store.get();
  await send('one');
  const before = (await store.until(isOver)).messages;
  await send('two');
  const after = await store.until((view) => view.status === 'ready' && view.messages.length === 4);
  expect(after.messages[0]).toBe(before[0]);
  expect(after.messages[1]).toBe(before[1]);
  expect([after.send, after.cancel]).toEqual([send, cancel]);
});

test('it follows the session once while it has listeners, and not without', async () => {
  const served = serve();
  const store = served.open();
  await store.get().send('hi');
  await store.until(isOver);
  expect(served.streams()).toBe(1);
  store.close();
  const again = store.subscribe(() => {});
  await delay(50);
  expect(served.requests.filter((request) => request.startsWith('GET /stream/'))).toHaveLength(1);
  again();
  await vi.waitFor(() => expect(served.streams()).toBe(0));
});

test('the messages stay while the session is read anew', async () => {
  const store = serve().open();
  await store.get().send('hi');
  const { messages } = await store.until(isOver);
  store.get().reconnect();
  expect(store.get()).toMatchObject({ status: 'ready', connection: 'connecting', messages });
  await store.until(({ connection }) => connection === 'live');
});

test('a missing session is an error, until a reconnect finds it', async () => {
  let missing = true;
  const served = serve(
    undefined,
    (fetch) => (target, init) =>
      fetch(missing ? target.replace(/\/session\/.*/, '/session/none') : target, init),
  );
  const { id } = await createClient({ url, fetch: served.fetch }).create();
  const store = served.open(`${url}/session/${id}`);
  const { error } = await store.until(({ status }) => status === 'error');
  expect(error).toMatchObject({ code: 'not_found' });
  missing = false;
  store.get().reconnect();
  const { error: later } = await store.until(({ status }) => status === 'ready');
  expect(later).toBeUndefined();
});

test('the newest function for headers is used', async () => {
  const tokens: (string | undefined)[] = [];
  const served = serve(undefined, (fetch) => (target, init) => {
    tokens.push(init.headers['authorization']);
    return fetch(target, init);
  });
  const { fetch } = served;
  const store = served.open(url, { fetch, headers: () => ({ authorization: 'old' }) });
  store.configure({ fetch, headers: () => ({ authorization: 'new' }) });
  await store.get().send('hi');
  expect(new Set(tokens)).toEqual(new Set(['new']));
});
