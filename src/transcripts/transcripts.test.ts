import { expect, test, vi } from 'vitest';
import type { Store } from '../log/index.ts';
import { RefusalError, emptyState, foldEntries } from '../protocol/index.ts';
import { session, storeOf, toTurn } from './long-session.fixture.ts';
import { createTranscripts } from './transcripts.ts';

const open = (store: Pick<Store, 'log' | 'checkpoints'>, onError: (error: unknown) => void = () => {}) =>
  createTranscripts({ store, onError });

/** Counts the entries that a store gives. */
function counting(store: Store): Store & { readonly entries: () => number } {
  let entries = 0;
  const read: Store['log']['read'] = async (...args) => {
    const page = await store.log.read(...args);
    if (page.type === 'page') entries += page.entries.length;
    return page;
  };
  return { ...store, log: { ...store.log, read }, entries: () => entries };
}

test('a long log is folded once: the next read, of any node, begins at the checkpoint', async () => {
  const store = counting(await storeOf(200));
  const first = await open(store).read(session);
  expect(store.entries()).toBe(1_201);
  const next = await open(store).read(session);
  expect(next?.state).toEqual(first?.state);
  expect(store.entries()).toBe(1_201);
  await store.log.append(session, toTurn(200));
  expect((await open(store).read(session))?.state.messages).toHaveLength(402);
  expect(store.entries()).toBe(1_207);
});

test('the end of a turn saves a checkpoint once enough entries are new', async () => {
  const store = counting(await storeOf(5));
  const transcripts = open(store);
  const few = await transcripts.read(session);
  if (few === undefined) throw new Error('missing');
  expect(await transcripts.keep(session, few)).toBe(few);
  expect(await store.checkpoints.load(session, { last: 1 })).toBeUndefined();
  await store.log.append(session, Array.from({ length: 10 }, (_, turn) => toTurn(5 + turn)).flat());
  const more = await transcripts.read(session, {}, few);
  const kept = more && (await transcripts.keep(session, more));
  expect(kept?.base?.last).toBe(kept?.state.last);
  expect(await store.checkpoints.load(session, { last: 1 })).toBeDefined();
});

test('a node whose checkpoint was replaced by another one is told to read again', async () => {
  const store = await storeOf(20);
  const [one, other] = [open(store), open(store)];
  const [mine, theirs] = [await one.read(session), await other.read(session)];
  if (mine === undefined || theirs === undefined) throw new Error('missing');
  expect(await other.keep(session, theirs)).toBeDefined();
  expect(await one.keep(session, mine)).toBeUndefined();
});

test('a one-shot session gets no checkpoint', async () => {
  const store = await storeOf(200, 'once');
  await open(store).read(session);
  expect(await store.checkpoints.load(session, { last: 1 })).toBeUndefined();
});

test('a save that fails is reported and costs nothing else; a store that is full is not reported', async () => {
  const store = await storeOf(200);
  for (const [error, times] of [
    [new Error('The file is damaged.'), 1],
    [new RefusalError('storage_full'), 0],
  ] as const) {
    const onError = vi.fn<(error: unknown) => void>();
    const checkpoints = { ...store.checkpoints, save: () => Promise.reject(error) };
    const found = await open({ log: store.log, checkpoints }, onError).read(session);
    expect(found?.state.messages).toHaveLength(400);
    expect(onError).toHaveBeenCalledTimes(times);
  }
});

test('windows page back to the first message, from a checkpoint and without one', async () => {
  for (const turns of [20, 300]) {
    const transcripts = open(await storeOf(turns));
    let state = await transcripts.window(session, 50);
    const found: string[] = [];
    for (;;) {
      if (state === undefined || state === 'unknown') throw new Error('missing');
      const [first] = state.messages;
      found.unshift(...state.messages.map(({ message }) => message));
      if (!state.earlier || first === undefined) break;
      state = await transcripts.window(session, 50, first.message);
    }
    expect(found).toEqual(Array.from({ length: turns }, (_, turn) => [`m${turn}`, `m${turn}`]).flat());
    expect(await transcripts.window(session, 50, 'never')).toBe('unknown');
    expect(await transcripts.window('never', 50)).toBeUndefined();
  }
});

test('a long state in brief is its last messages, a short one is whole', async () => {
  const transcripts = open(await storeOf(300));
  expect((await transcripts.brief(session, 1e9))?.messages).toHaveLength(600);
  const brief = await transcripts.brief(session, 10_000);
  expect(brief?.earlier).toBe(true);
  expect(brief?.messages).toHaveLength(16);
});

test('the whole state at an entry is read, before and after the checkpoint, and as long as it is not trimmed', async () => {
  const store = await storeOf(300);
  const page = await store.log.read(session, undefined, Infinity);
  const entries = page.type === 'page' ? page.entries : [];
  const idOf = (at: number) => entries[at]?.id ?? '';
  const stateOf = (at: number) => foldEntries(emptyState(session), entries.slice(0, at + 1));
  for (const at of [0, 100, 1_800]) expect(await open(store).at(session, idOf(at))).toEqual(stateOf(at));
  // Saves a checkpoint.
  await open(store).read(session);
  await store.log.append(session, toTurn(300));
  const read = vi.spyOn(store.log, 'read');
  expect(await open(store).at(session, idOf(1_800))).toEqual(stateOf(1_800));
  expect(read).not.toHaveBeenCalled();
  expect(await open(store).at(session, idOf(100))).toEqual(stateOf(100));
  await store.log.trim(session, idOf(1_000), stateOf(1_000));
  expect(await open(store).at(session, idOf(100))).toBeUndefined();
  expect(await open(store).at(session, idOf(1_000))).toEqual(stateOf(1_000));
  expect(await open(store).at(session, idOf(1_100))).toEqual(stateOf(1_100));
  expect(await open(store).at(session, '9000-aaaaaa')).toBeUndefined();
  expect(await open(store).at('never', idOf(100))).toBeUndefined();
});

test('a window has as many messages as are asked for, also after an edit in it', async () => {
  const store = await storeOf(300);
  await open(store).read(session);
  const [sent, started, ...words] = toTurn(300);
  if (sent?.type !== 'message' || started === undefined) throw new Error('no message');
  await store.log.append(session, [{ ...sent, replaces: 'm285' }, started, ...words]);
  for (const messages of [20, 50]) {
    const state = await open(store).window(session, messages);
    if (state === undefined || state === 'unknown') throw new Error('missing');
    expect(state.messages.length).toBeGreaterThanOrEqual(messages);
    expect(state.messages.slice(-3).map(({ message }) => message)).toEqual(['m284', 'm300', 'm300']);
  }
});

test('whole reads at the same time load a conversation once', async () => {
  const store = await storeOf(1_000);
  await open(store).read(session);
  const load = vi.spyOn(store.checkpoints, 'load');
  const transcripts = open(store);
  const found = await Promise.all(Array.from({ length: 9 }, () => transcripts.read(session)));
  expect(found.every((each) => each?.state.messages.length === 2_000)).toBe(true);
  expect(load.mock.calls.length).toBeLessThan(9);
});
