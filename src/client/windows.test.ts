import { afterEach, expect, test } from 'vitest';
import { emptyState, foldEntries } from '../protocol/index.ts';
import type { MessageState, SessionEvent, SessionState } from '../protocol/index.ts';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { createClient, createConversation } from './index.ts';
import type { Conversation } from './index.ts';
import { frame, idOf } from './scripted-log.fixture.ts';
import { json, reset, startScript, stream } from './scripted-server.fixture.ts';
import type { Step } from './scripted-server.fixture.ts';
import { until } from './until.fixture.ts';

const open: Conversation[] = [];
afterEach(() => {
  for (const conversation of open.splice(0)) conversation.close();
});

/** Serves requests by their kind: each kind has steps of its own, and the last one serves all others. */
async function converse(
  messages: number | undefined,
  states: readonly Step[],
  streams: readonly Step[] = [stream(': hello\n\n', 'hold')],
) {
  const counts = { '/stream/': 0, '/session/': 0 };
  const server = await startScript((response, request) => {
    const kind = request.url.startsWith('/stream/') ? '/stream/' : '/session/';
    const steps = kind === '/stream/' ? streams : states;
    const step = steps[counts[kind]] ?? steps.at(-1);
    counts[kind] += 1;
    step?.(response, request);
  });
  const client = createClient({ url: server.url, timing: createFakeTiming() });
  const conversation = createConversation(client.session('s1'), messages === undefined ? {} : { messages });
  open.push(conversation);
  return {
    conversation,
    server,
    states: () => server.requests.map(({ url }) => url).filter((url) => url.startsWith('/session')),
    loaded: () => until(conversation, ({ loaded, connection }) => loaded && connection === 'live'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const sent = (number: number, replaces?: string): SessionEvent => ({
  type: 'message',
  message: `m${number}`,
  turn: `t${number}`,
  content: `say ${number}`,
  at: 0,
  ...(replaces !== undefined && { replaces }),
});
const started = (number: number): SessionEvent => ({
  type: 'message_start',
  message: `m${number}`,
  turn: `t${number}`,
  attempt: 1,
  at: 0,
});
const turn = (number: number): readonly SessionEvent[] => [
  sent(number),
  started(number),
  { type: 'message_end', turn: `t${number}`, outcome: 'completed' },
];

/** Returns the state with the messages of these turns, as of an entry. Each turn has three entries. */
function windowOf(last: number, first: number, end: number, ...more: readonly SessionEvent[]): SessionState {
  const before = 3 * (first - 1);
  const events = Array.from({ length: end - first + 1 }, (_, index) => turn(first + index)).flat();
  const entries = [...events, ...more].map((event, index) => ({ id: idOf(before + index + 1), event }));
  const start =
    first > 1 ? { ...emptyState('s1'), last: idOf(before), earlier: true as const } : emptyState('s1');
  return { ...foldEntries(start, entries), last: idOf(last) };
}

const namesOf = ({ messages }: { readonly messages: readonly MessageState[] }): string =>
  messages.map(({ role, message }) => (role === 'user' ? message : message.toUpperCase())).join(' ');
const frames = (after: number, ...events: readonly SessionEvent[]): string =>
  events.map((event, index) => frame(after + 1 + index, event)).join('');
const left = json(400, { code: 'malformed', title: 'There is no message of that name to page back from.' });

test('a conversation with a window loads the last messages, and earlier ones on demand', async () => {
  await using run = await converse(2, [
    json(200, windowOf(12, 4, 4)),
    json(200, windowOf(12, 2, 3)),
    json(200, windowOf(12, 1, 1)),
  ]);
  const { conversation } = run;
  await run.loaded();
  expect(namesOf(conversation.get().state)).toBe('m4 M4');
  const [kept] = conversation.get().state.messages;
  const both = [conversation.loadEarlier(), conversation.loadEarlier()];
  expect(conversation.get().loadingEarlier).toBe(true);
  await Promise.all(both);
  expect(conversation.get()).not.toHaveProperty('loadingEarlier');
  expect(namesOf(conversation.get().state)).toBe('m2 M2 m3 M3 m4 M4');
  expect(conversation.get().state.messages[4]).toBe(kept);
  expect(conversation.get().state.earlier).toBe(true);
  await conversation.loadEarlier();
  expect(conversation.get().state).toEqual(windowOf(12, 1, 4));
  await conversation.loadEarlier();
  expect(run.states()).toEqual([
    '/session/s1?messages=2',
    '/session/s1?messages=2&before=m4',
    '/session/s1?messages=2&before=m2',
  ]);
  expect(run.server.requests.find(({ url }) => url.startsWith('/stream'))?.headers['last-event-id']).toBe(
    idOf(12),
  );
});

test('events that arrive meanwhile, and a network that fails, leave no gap and no duplicate', async () => {
  let answer = (): void => {};
  let say = (_: string): void => {};
  const late: Step = (response, request) => {
    answer = () => json(200, windowOf(15, 1, 3))(response, request);
  };
  const live: Step = (response, request) => {
    stream(': hello\n\n', 'hold')(response, request);
    say = (text) => void response.write(text);
  };
  await using run = await converse(2, [json(200, windowOf(12, 4, 4)), reset, late], [live]);
  const { conversation, server } = run;
  await run.loaded();
  const loading = conversation.loadEarlier();
  await server.until(() => run.states().length === 3);
  say(frames(12, ...turn(5)));
  await until(conversation, ({ state }) => state.last === idOf(15));
  answer();
  await loading;
  expect(conversation.get().state).toEqual(windowOf(15, 1, 5));
});

test('a window that an edit has left is loaded anew', async () => {
  const edited = windowOf(14, 1, 1, sent(5, 'm2'), started(5));
  await using run = await converse(2, [json(200, windowOf(12, 4, 4)), left, json(200, edited)]);
  await run.loaded();
  await run.conversation.loadEarlier();
  expect(run.conversation.get().state).toEqual(edited);
  expect(run.conversation.get()).not.toHaveProperty('loadingEarlier');
  await run.server.until(() => run.server.requests.length === 5);
  expect(run.server.requests.at(-1)?.headers['last-event-id']).toBe(idOf(14));
});

test('an edit that reaches back to before the window loads it anew', async () => {
  const edited = windowOf(14, 1, 1, sent(5, 'm2'), started(5));
  await using run = await converse(
    2,
    [json(200, windowOf(12, 4, 4)), json(200, edited)],
    [stream(frames(12, sent(5, 'm2'), started(5)), 'hold'), stream(': hello\n\n', 'hold')],
  );
  const { state } = await until(run.conversation, (view) => view.state.last === idOf(14));
  expect(state).toEqual(edited);
  expect(run.states()).toHaveLength(2);
});

test('a page before messages that an edit has left meanwhile is not used', async () => {
  const edited: SessionState = { ...windowOf(14, 5, 4, sent(5, 'm2'), started(5)), earlier: true };
  let answer = (): void => {};
  let say = (_: string): void => {};
  const late: Step = (response, request) => {
    answer = () => json(200, windowOf(12, 2, 3))(response, request);
  };
  const live: Step = (response, request) => {
    stream(': hello\n\n', 'hold')(response, request);
    say = (text) => void response.write(text);
  };
  const states = [json(200, windowOf(12, 4, 4)), late, json(200, edited), json(200, windowOf(14, 1, 1))];
  await using run = await converse(2, states, [live, stream(': hello\n\n', 'hold')]);
  await run.loaded();
  const loading = run.conversation.loadEarlier();
  await run.server.until(() => run.states().length === 2);
  say(frames(12, sent(5, 'm2'), started(5)));
  await until(run.conversation, ({ state }) => state.last === idOf(14));
  answer();
  await loading;
  expect(namesOf(run.conversation.get().state)).toBe('m1 M1 m5 M5');
});

test('a reader who paged back keeps the place when the stream does not know the state', async () => {
  const resync = 'data: {"type":"resync","reason":"unknown"}\n\n';
  let say = (_: string): void => {};
  const live: Step = (response, request) => {
    stream(': hello\n\n', 'hold')(response, request);
    say = (text) => void response.write(text);
  };
  await using run = await converse(
    2,
    [json(200, windowOf(12, 4, 4)), json(200, windowOf(12, 2, 3)), json(200, windowOf(9, 2, 4))],
    [live],
  );
  await run.loaded();
  await run.conversation.loadEarlier();
  say(resync);
  await until(run.conversation, ({ state }) => state.last === idOf(9));
  expect(run.states().at(-1)).toBe('/session/s1?messages=6');
});

test('a resync with fewer messages than the view wants is loaded anew', async () => {
  const brief = { type: 'resync', reason: 'beyond', state: windowOf(9, 4, 4) };
  const streams = [stream(`data: ${JSON.stringify(brief)}\n\n`, 'hold'), stream(': hello\n\n', 'hold')];
  await using whole = await converse(undefined, [json(200, windowOf(12, 1, 4))], streams);
  await whole.server.until(() => whole.states().length === 2);
  expect(whole.states().at(-1)).toBe('/session/s1');
  await using enough = await converse(2, [json(200, windowOf(12, 4, 4))], streams);
  await until(enough.conversation, ({ state }) => state.last === idOf(9));
  expect(enough.states()).toHaveLength(1);
});

test('a window that begins with a message that waits becomes larger: pages before it could overlap', async () => {
  const waits = { ...windowOf(14, 4, 4), messages: windowOf(14, 4, 3, sent(4), sent(5)).messages };
  await using run = await converse(2, [json(200, waits), json(200, windowOf(14, 1, 3, sent(4), sent(5)))]);
  await run.loaded();
  await run.conversation.loadEarlier();
  expect(namesOf(run.conversation.get().state)).toBe('m1 M1 m2 M2 m3 M3 m4 m5');
  expect(run.states().at(-1)).toBe('/session/s1?messages=4');
});

test('earlier messages of a session that is gone are refused, and those of a closed conversation are not awaited', async () => {
  await using gone = await converse(2, [json(200, windowOf(12, 4, 4)), json(404, { code: 'not_found' })]);
  await gone.loaded();
  await expect(gone.conversation.loadEarlier()).rejects.toMatchObject({ code: 'not_found' });
  expect(gone.conversation.get()).not.toHaveProperty('loadingEarlier');

  await using closed = await converse(2, [json(200, windowOf(12, 4, 4)), () => {}]);
  await closed.loaded();
  const loading = closed.conversation.loadEarlier();
  await closed.server.until(() => closed.states().length === 2);
  closed.conversation.close();
  await loading;
});

test('an invalid number of messages is refused', () => {
  const session = createClient({ url: 'http://127.0.0.1:9' }).session('s1');
  for (const messages of [0, -1, 1.5, Number.NaN, 10_000])
    expect(() => createConversation(session, { messages })).toThrow('messages: ');
});
