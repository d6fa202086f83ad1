// Random conversations over a window: whatever happens while earlier messages are loaded, the view ends with
// the same messages as the whole state.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import type { SessionState } from 'heddle';
import { createClient, createConversation } from 'heddle/client';
import type { FetchLike, Session } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import { createRandom } from 'heddle/testing';

const agent = defineAgent({
  open: () =>
    async function* () {
      yield 'Hello';
      await delay(2);
      yield ' you.';
    },
});

/** Sends so many messages and waits for their answers. */
async function fill(session: Session, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await session.send(`say ${sent}`);
    if (sent % 10 === 9)
      await vi.waitFor(async () => expect(await session.state()).not.toHaveProperty('turn'));
  }
}

test.each([1, 2, 3, 4, 5, 6])('messages, edits and pages in any order, seed %i', async (seed) => {
  const random = createRandom(seed);
  const upTo = (count: number): number => Math.floor(random.next() * count);
  const server = createServer({ agent, store: memoryStore(), gatherMs: 0 });
  const direct: FetchLike = (target, init) => server.fetch(new Request(target, init));
  const slow: FetchLike = async (target, init) => {
    const response = await direct(target, init);
    await delay(upTo(12));
    return response;
  };
  const session = await createClient({ url: 'http://127.0.0.1', fetch: direct }).create();
  await fill(session, 40);
  const theirs = createClient({ url: 'http://127.0.0.1', fetch: slow }).session(session.id);
  const conversation = createConversation(theirs, { messages: 1 + upTo(4) });

  /** Waits until the view is up to date, and expects it to be the end of the whole state. */
  const expectTheEnd = async (): Promise<SessionState> => {
    const whole = await vi.waitFor(async () => {
      const now = await session.state();
      expect([now.turn, conversation.get().state.last]).toEqual([undefined, now.last]);
      return now;
    });
    const { messages } = conversation.get().state;
    expect(messages).toEqual(whole.messages.slice(-messages.length));
    return whole;
  };

  const pages: Promise<void>[] = [];
  for (let step = 0; step < 60; step += 1) {
    const { messages } = await session.state({ messages: 30 });
    const sent = messages.filter(({ role }) => role === 'user');
    const act = upTo(10);
    if (act < 1) pages.push(conversation.loadEarlier());
    else if (act < 5) await session.send(`more ${step}`);
    else if (act < 7)
      await session.send(`edit ${step}`, { replaces: sent[upTo(sent.length)]?.message ?? '' });
    else if (act < 8) await expectTheEnd();
    await delay(upTo(8));
  }
  await Promise.all(pages);
  const whole = await expectTheEnd();
  for (let page = 0; page < 100 && conversation.get().state.earlier; page += 1)
    await conversation.loadEarlier();
  expect(conversation.get().state).toEqual(whole);
  conversation.close();
  await server.close(0);
});
