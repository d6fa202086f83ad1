import { expect, test, vi } from 'vitest';
import type { Store } from '../log/index.ts';
import type { MessageState, SessionEvent } from '../protocol/index.ts';
import { createTranscripts } from '../transcripts/index.ts';
import { foldAll, session, storeOf } from '../transcripts/long-session.fixture.ts';
import { agentOf, send, setUp } from './engine.fixture.ts';

/** Creates a session of some turns, and its checkpoint. */
async function createLong(turns: number): Promise<Store> {
  const store = await storeOf(turns);
  await keep(store);
  return store;
}

async function keep(store: Store): Promise<void> {
  const transcripts = createTranscripts({ store, onError: () => {} });
  const found = await transcripts.read(session);
  if (found !== undefined) await transcripts.keep(session, found);
}

test('an edit of a message before the window of its agent leaves all messages after it', async () => {
  const store = await createLong(100);
  const histories: (readonly MessageState[])[] = [];
  const agent = agentOf(
    async function* ({ history }) {
      histories.push(history());
      yield 'words';
    },
    { history: 4 },
  );
  const { engine } = setUp(agent, { store });
  await send(engine, session, 'say it again', { replaces: 'm10' });
  await vi.waitFor(() => expect(histories).toHaveLength(1));
  expect(histories[0]?.map(({ message }) => message)).toEqual(['m8', 'm8', 'm9', 'm9']);
});

test('a log is trimmed once it has too many entries, and not again before it has', async () => {
  for (const history of [undefined, 4]) {
    const store = await createLong(100);
    const trim = vi.spyOn(store.log, 'trim');
    const agent = agentOf(
      async function* () {
        for (let step = 0; step < 70; step += 1) yield { type: 'custom', name: 'step', data: step };
      },
      history === undefined ? {} : { history },
    );
    const { engine } = setUp(agent, { store, retention: { entries: 500 } });
    for (let turn = 0; turn < 6; turn += 1) {
      await send(engine, session, 'more');
      await vi.waitFor(() => expect(engine.running).toBe(0));
    }
    expect(trim).toHaveBeenCalledTimes(1);
  }
});

test('a log is trimmed after a long turn of an agent with a window', async () => {
  const store = await createLong(100);
  const agent = agentOf(
    async function* () {
      for (let step = 0; step < 600; step += 1) yield { type: 'custom', name: 'step', data: step };
    },
    { history: 4 },
  );
  const { engine } = setUp(agent, { store, retention: { entries: 300 } });
  const whole = await foldAll(store);
  await send(engine, session, 'go');
  await vi.waitFor(() => expect(engine.running).toBe(0));
  const page = await store.log.read(session, undefined, 1);
  expect(page.type === 'page' && page.base?.messages.slice(0, 200)).toEqual(whole.messages);
});

test('messages that wait leave an agent as much history as it declares', async () => {
  const store = await createLong(100);
  const histories: number[] = [];
  const agent = agentOf(
    async function* ({ history }) {
      histories.push(history().length);
      yield 'words';
    },
    { history: 20 },
  );
  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page') throw new Error(page.type);
  const queue = Array.from({ length: 32 }, (_, index) => ({ message: `w${index}`, turn: `v${index}` }));
  const sent = queue.map((each): SessionEvent => ({ type: 'message', ...each, content: 'x', at: 0 }));
  const more = queue.map((): SessionEvent => ({ type: 'custom', turn: 'none', name: 'more', data: 0 }));
  await store.log.append(session, [...sent, ...more], {
    head: { was: page.head.version, now: { ...page.head, queue, dueAt: 0 } },
  });
  await keep(store);
  const { engine } = setUp(agent, { store });
  await vi.waitFor(() => expect(histories).toHaveLength(32));
  expect(histories).toEqual(queue.map(() => 20));
  await vi.waitFor(() => expect(engine.running).toBe(0));
});
