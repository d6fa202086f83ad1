import { expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import type { OnBusy } from './command.ts';
import { create } from './decide.ts';
import { eventsOf } from './engine.fixture.ts';
import { submit } from './submit.ts';
import type { Submission, SubmitOptions } from './submit.ts';

const session = 's1';

async function createStore(): Promise<Store> {
  const store = memoryStore();
  const { events, head } = create({ session, owner: 'ada', kind: 'session', at: 1 });
  await store.log.append(session, events, { head: { was: 0, now: head } });
  return store;
}

/** Sends a message with names of its own, as each request does. */
function send(
  { log }: Store,
  content: string,
  { onBusy = 'queue', owner = 'ada', ...options }: Partial<SubmitOptions> & { onBusy?: OnBusy } = {},
): Promise<Submission> {
  const names = { message: mint(8), turn: mint(8) };
  const command = { type: 'message', ...names, content, onBusy, at: 2 } as const;
  return submit(log, session, command, { owner, ...options });
}

async function contentsOf(store: Store): Promise<readonly unknown[]> {
  return (await eventsOf(store, session)).flatMap((event) =>
    event.type === 'message' ? [event.content] : [],
  );
}

const key = { id: 'k', digest: 'd' };

test('a first request is not a repeat, with a key or without one', async () => {
  const store = await createStore();
  expect((await send(store, 'one')).repeated).toBe(false);
  expect((await send(store, 'two', { key })).repeated).toBe(false);
  expect(await contentsOf(store)).toEqual(['one', 'two']);
});

test('a repeated request gets the entries of the first, and is told that it is a repeat', async () => {
  const store = await createStore();
  const { entries } = await send(store, 'one', { key });
  expect(await send(store, 'one', { key })).toEqual({ entries, repeated: true });
  expect(await contentsOf(store)).toEqual(['one']);
});

test('a repeated request gets the first entries, even if the command would be refused now', async () => {
  const store = await createStore();
  const { entries } = await send(store, 'one', { key, onBusy: 'reject' });
  await expect(send(store, 'two', { onBusy: 'reject' })).rejects.toMatchObject({ code: 'busy' });
  expect(await send(store, 'one', { key, onBusy: 'reject' })).toEqual({ entries, repeated: true });
});

test('a repeated request gets the first entries, even if it no longer fits the conversation', async () => {
  const store = await createStore();
  const check = async (): Promise<RefusalError> => new RefusalError('too_late');
  await expect(send(store, 'one', { key, check })).rejects.toMatchObject({ code: 'too_late' });
  const { entries } = await send(store, 'one', { key });
  expect(await send(store, 'one', { key, check })).toEqual({ entries, repeated: true });
});

test('a key that was used for another request is refused', async () => {
  const store = await createStore();
  await send(store, 'one', { key });
  const other = { key: { ...key, digest: 'other' } };
  await expect(send(store, 'two', other)).rejects.toMatchObject({ code: 'key_reused' });
  const rejected = send(store, 'two', { ...other, onBusy: 'reject' });
  await expect(rejected).rejects.toMatchObject({ code: 'key_reused' });
  expect(await contentsOf(store)).toEqual(['one']);
});

test('a refused request does not use up its key', async () => {
  const store = await createStore();
  await send(store, 'one');
  await expect(send(store, 'two', { key, onBusy: 'reject' })).rejects.toMatchObject({ code: 'busy' });
  expect(await send(store, 'two', { key })).toMatchObject({ entries: [{}], repeated: false });
  expect(await contentsOf(store)).toEqual(['one', 'two']);
});

test('a command is decided again if another append came between', async () => {
  const store = await createStore();
  const { read } = store.log;
  vi.spyOn(store.log, 'read').mockImplementationOnce(async (...args) => {
    const page = await read(...args);
    await send({ ...store, log: { ...store.log, read } }, 'first');
    return page;
  });
  await expect(send(store, 'second', { onBusy: 'reject' })).rejects.toMatchObject({ code: 'busy' });
  expect(await contentsOf(store)).toEqual(['first']);
});

test('a command that finds nothing to do writes nothing', async () => {
  const { log } = await createStore();
  const submitted = await submit(log, session, { type: 'cancel', at: 2 }, { owner: 'ada', key });
  expect(submitted).toEqual({ entries: [], repeated: false });
});

test('a session of another owner is not found, and nothing is checked for its caller', async () => {
  const store = await createStore();
  const check = vi.fn<() => Promise<undefined>>();
  await expect(send(store, 'one', { owner: 'eve', check })).rejects.toMatchObject({ code: 'not_found' });
  expect(check).not.toHaveBeenCalled();
});

test('a session that is dropped before the append is not found', async () => {
  const store = await createStore();
  const check = async (): Promise<undefined> => {
    await store.log.drop(session);
  };
  await expect(send(store, 'one', { check })).rejects.toMatchObject({ code: 'not_found' });
});
