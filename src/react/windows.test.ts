import { expect, test } from 'vitest';
import { createClient } from '../client/index.ts';
import { toText } from '../protocol/index.ts';
import type { MessageState } from '../protocol/index.ts';
import { serve, url } from './serve.fixture.ts';
import type { Served } from './serve.fixture.ts';
import { createSharedStore } from './shared-store.ts';

/** Creates a session with so many turns. Returns its URL. */
async function createLong({ fetch }: Served, turns: number): Promise<string> {
  const session = await createClient({ url, fetch }).create();
  for (let turn = 1; turn <= turns; turn += 1) await session.send(`say ${turn}`);
  await expect
    .poll(async () => (await session.state()).messages.at(-1))
    .toMatchObject({
      parts: [{ text: `You said say ${turns}.` }],
      outcome: 'completed',
    });
  return `${url}/session/${session.id}`;
}

const wordsOf = (messages: readonly MessageState[]): readonly string[] =>
  messages.flatMap((message) => (message.role === 'user' ? [toText(message.content)] : []));

test('a view begins with the last messages, and earlier ones come in front of them', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const served = serve(undefined, (fetch) => async (target, init) => {
    if (target.includes('before=')) await promise;
    return fetch(target, init);
  });
  const source = await createLong(served, 6);
  const store = served.open(source, { messages: 4 });
  expect(store.get()).toMatchObject({ hasEarlier: false, isLoadingEarlier: false });
  const before = await store.until(({ status }) => status === 'ready');
  expect(wordsOf(before.messages)).toEqual(['say 5', 'say 6']);
  expect(before.hasEarlier).toBe(true);

  const loading = before.loadEarlier();
  await store.until(({ isLoadingEarlier }) => isLoadingEarlier);
  resolve();
  await loading;
  const after = await store.until(({ isLoadingEarlier }) => !isLoadingEarlier);
  expect(wordsOf(after.messages)).toEqual(['say 3', 'say 4', 'say 5', 'say 6']);
  for (const [index, message] of before.messages.entries()) expect(after.messages[index + 4]).toBe(message);
  expect(after.loadEarlier).toBe(before.loadEarlier);
  await after.loadEarlier();
  const all = await store.until(({ hasEarlier }) => !hasEarlier);
  expect(wordsOf(all.messages)).toEqual([1, 2, 3, 4, 5, 6].map((turn) => `say ${turn}`));
});

test('a view of 100 messages is the default, and Infinity is all', async () => {
  const served = serve();
  const targets: string[] = [];
  const fetch: Served['fetch'] = (target, init) => {
    targets.push(target.replace(/[?&]nonce=.*/, ''));
    return served.fetch(target, init);
  };
  const { id } = await createClient({ url, fetch }).create();
  await served.open(`${url}/session/${id}`, { fetch }).until(({ status }) => status === 'ready');
  await served
    .open(`${url}/session/${id}`, { fetch, messages: Infinity })
    .until(({ status }) => status === 'ready');
  expect(targets.filter((target) => target.includes('/session/'))).toEqual([
    `${url}/session/${id}?messages=100`,
    `${url}/session/${id}`,
  ]);
});

test('components with windows of other sizes have a list of their own', async () => {
  const served = serve();
  const source = await createLong(served, 3);
  const stores = [undefined, 100, 2].map((messages) =>
    createSharedStore(source, { fetch: served.fetch, ...(messages !== undefined && { messages }) }),
  );
  const closing = stores.map((store) => store.subscribe(() => {}));
  await expect.poll(() => stores.map((store) => store.get().messages.length)).toEqual([6, 6, 2]);
  expect(served.streams()).toBe(2);
  await stores[2]?.get().loadEarlier();
  await expect.poll(() => stores.map((store) => store.get().messages.length)).toEqual([6, 6, 4]);
  for (const close of closing) close();
});

test('an earlier message with the same words is not taken for the one on its way', async () => {
  let hold: Promise<void> | undefined;
  const served = serve(undefined, (fetch) => async (target, init) => {
    if (target.includes('/message/')) await hold;
    return fetch(target, init);
  });
  const source = await createLong(served, 3);
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  const store = served.open(source, { messages: 2 });
  await store.until(({ status }) => status === 'ready');
  const sending = store.get().send('say 1');
  await store.get().loadEarlier();
  await store.get().loadEarlier();
  const { sending: shown } = await store.until(({ hasEarlier }) => !hasEarlier);
  expect(shown).toMatchObject([{ content: 'say 1' }]);
  resolve();
  await sending;
  await store.until(({ sending: left, messages }) => left.length === 0 && messages.length === 8);
});
