// A hidden page holds no connection while it expects nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createConversation } from '../../src/client/index.ts';
import type { Conversation } from '../../src/client/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import type { Listening } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { Server } from '../../src/server/index.ts';
import { until, useTabs } from '../client/sharing.fixture.ts';
import type { Tab } from '../client/sharing.fixture.ts';

let server: Server;
let listening: Listening;
/** Lets the agent say its last word. */
let goOn: () => void;
const conversations: Conversation[] = [];

beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  goOn = resolve;
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        yield 'Well, ';
        if (input.content === 'think') await promise;
        yield 'hello.';
      },
  });
  server = createServer({ store: memoryStore(), agent, gatherMs: 0 });
  listening = await listen(server, { port: 0 });
});
afterEach(async () => {
  for (const conversation of conversations.splice(0)) conversation.close();
  await listening.close(0);
});
const tabs = useTabs();

async function converse(tab: Tab): Promise<Conversation> {
  const conversation = createConversation(await tab.client.create());
  conversations.push(conversation);
  await until(() => conversation.get().connection === 'live');
  return conversation;
}

const textOf = (conversation: Conversation): string =>
  conversation
    .get()
    .state.messages.flatMap((each) => (each.role === 'agent' ? each.parts : []))
    .map((part) => ('text' in part ? part.text : ''))
    .join('');
const isResting = (): boolean => server.load.streams === 0;

describe.each([
  ['alone', false],
  ['over the connection of all tabs', true],
])('a conversation that is followed %s', (_, shared) => {
  const open = (): Tab => tabs.open(listening.url, { shared });

  test('closes its stream when the page is hidden, and has what it missed when the page is shown', async () => {
    const [tab, other] = [open(), open()];
    const conversation = await converse(tab);
    tab.change('hidden');
    await until(isResting);
    expect(conversation.get().connection).toBe('waiting');
    await other.client.session(conversation.session.id).send('Hi');
    await until(() => server.load.sessions === 0);
    expect(conversation.get().state.messages).toEqual([]);
    tab.change('shown');
    await until(() => textOf(conversation) === 'Well, hello.');
    expect(conversation.get().connection).toBe('live');
    expect(server.load.streams).toBe(1);
  });

  test('keeps its stream while an answer arrives, and closes it at the end', async () => {
    const tab = open();
    const conversation = await converse(tab);
    await conversation.session.send('think');
    await until(() => textOf(conversation) === 'Well, ');
    tab.change('hidden');
    // When another idle page rests, this page had time to rest too.
    const idle = tabs.open(listening.url, { shared: false });
    const other = await converse(idle);
    idle.change('hidden');
    await until(() => other.get().connection === 'waiting');
    expect(conversation.get().connection).toBe('live');
    goOn();
    await until(() => textOf(conversation) === 'Well, hello.');
    await until(isResting);
  });

  test('a page that is shown again at once keeps its stream', async () => {
    const tab = open();
    const conversation = await converse(tab);
    const states: string[] = [];
    conversation.subscribe(() => states.push(conversation.get().connection));
    tab.change('hidden');
    tab.change('shown');
    const idle = tabs.open(listening.url, { shared: false });
    const other = await converse(idle);
    idle.change('hidden');
    await until(() => other.get().connection === 'waiting');
    expect(states).not.toContain('waiting');
    expect(conversation.get().connection).toBe('live');
  });

  test('a message from a hidden page is answered there', async () => {
    const tab = open();
    const conversation = await converse(tab);
    tab.change('hidden');
    await until(isResting);
    await conversation.session.send('Hi');
    await until(() => textOf(conversation) === 'Well, hello.');
    await until(isResting);
  });

  test('a hidden page does not wake when the network returns, and rests again after it was frozen', async () => {
    const tab = open();
    const conversation = await converse(tab);
    tab.change('hidden');
    await until(isResting);
    tab.change('online');
    tab.change('woke');
    expect(conversation.get().connection).toBe('waiting');
    // Frozen and thawed, but still hidden.
    tab.change('left');
    tab.change('back');
    await until(isResting);
    tab.change('shown');
    await until(() => conversation.get().connection === 'live');
  });
});

test('hidden tabs follow while another tab is visible, and no tab holds a stream when all are hidden', async () => {
  const [hidden, seen] = [tabs.open(listening.url), tabs.open(listening.url)];
  const first = await converse(hidden);
  const second = createConversation(seen.client.session(first.session.id));
  conversations.push(second);
  await until(() => second.get().connection === 'live');
  hidden.change('hidden');
  // When a page without sharing rests, the hidden tab had time to rest too.
  const alone = tabs.open(listening.url, { shared: false });
  const idle = await converse(alone);
  alone.change('hidden');
  await until(() => idle.get().connection === 'waiting');
  await second.session.send('Hi');
  await until(() => [first, second].every((each) => textOf(each) === 'Well, hello.'));
  expect(server.load.streams).toBe(1);

  seen.change('hidden');
  await until(isResting);
  await until(() => [first, second].every((each) => each.get().connection === 'waiting'));
  hidden.change('shown');
  await until(() => [first, second].every((each) => each.get().connection === 'live'));
  expect(server.load.streams).toBe(1);
});

test('closing a tab while the others are hidden leaves them at rest', async () => {
  const [hidden, seen] = [tabs.open(listening.url), tabs.open(listening.url)];
  const first = await converse(hidden);
  const second = createConversation(seen.client.session(first.session.id));
  await until(() => second.get().connection === 'live');
  hidden.change('hidden');
  second.close();
  await until(isResting);
  hidden.change('shown');
  await until(() => first.get().connection === 'live');
});

test('`events()` of a session keeps its stream while the page is hidden', async () => {
  const [tab, idle] = [tabs.open(listening.url), tabs.open(listening.url, { shared: false })];
  const session = await tab.client.create();
  const followed = tab.follow(session.id);
  await until(() => followed.connections.includes('live'));
  tab.change('hidden');
  const other = await converse(idle);
  idle.change('hidden');
  await until(() => other.get().connection === 'waiting');
  await session.send('Hi');
  await until(() => followed.received.at(-1)?.event.type === 'message_end');
});
