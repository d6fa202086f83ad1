import { afterEach, describe, expect, test } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { frame, idOf, serveLog, turnOf } from './scripted-log.fixture.ts';
import { json, reset, startScript, stream } from './scripted-server.fixture.ts';
import type { Step } from './scripted-server.fixture.ts';
import { emptyState, fold } from '../protocol/index.ts';
import type { SessionState } from '../protocol/index.ts';
import { createClient, createConversation } from './index.ts';
import type { Conversation } from './index.ts';
import { until } from './until.fixture.ts';

const turn = turnOf('Hel', 'lo');
const open: Conversation[] = [];

async function converse(
  ...steps: readonly [Step, ...Step[]]
): Promise<AsyncDisposable & { readonly conversation: Conversation; readonly requests: readonly string[] }> {
  const server = await startScript(...steps);
  const client = createClient({ url: server.url, timing: createFakeTiming() });
  const conversation = createConversation(client.session('s1'));
  open.push(conversation);
  return {
    conversation,
    get requests() {
      return server.requests.map(({ method, url }) => `${method} ${url}`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Returns the text of the last answer. */
function textOf({ messages }: SessionState): string | undefined {
  const last = messages.at(-1);
  return last?.role === 'agent'
    ? last.parts.map((part) => ('text' in part ? part.text : '')).join('')
    : undefined;
}

const stateAfter = (count: number): SessionState =>
  turn
    .slice(0, count)
    .reduce((state, event, index) => fold(state, { id: idOf(index + 1), event }), emptyState('s1'));

afterEach(() => {
  for (const conversation of open.splice(0)) conversation.close();
});

describe('a conversation', () => {
  test('loads the state once and folds what comes after it', async () => {
    await using run = await converse(json(200, stateAfter(5)), serveLog(turn));
    expect(run.conversation.get()).toEqual({
      state: emptyState('s1'),
      connection: 'connecting',
      via: 'sse',
      loaded: false,
    });
    const { state, connection } = await until(
      run.conversation,
      ({ state: now }) => now.last === idOf(turn.length),
    );
    expect(textOf(state)).toBe('Hello');
    expect(connection).toBe('live');
    expect(run.requests).toEqual(['GET /session/s1', 'GET /stream/s1?dialect=typed&after=5-aaaaaa']);
  });

  test('continues in mid-word after a lost connection, and reports it', async () => {
    await using run = await converse(
      json(200, stateAfter(0)),
      stream(
        turn
          .slice(0, 5)
          .map((event, index) => frame(index + 1, event))
          .join(''),
      ),
      serveLog(turn),
    );
    const seen = new Set<string>();
    run.conversation.subscribe(() => void seen.add(run.conversation.get().connection));
    const { state } = await until(run.conversation, ({ state: now }) => now.last === idOf(turn.length));
    expect(textOf(state)).toBe('Hello');
    expect([...seen]).toEqual(expect.arrayContaining(['live', 'waiting']));
  });

  test('takes the state that a resync brings', async () => {
    const resync = { type: 'resync', reason: 'beyond', state: stateAfter(5) };
    await using run = await converse(
      json(200, { ...stateAfter(1), last: idOf(99) }),
      stream(`data: ${JSON.stringify(resync)}\n\n${frame(6, turn[5])}`, 'hold'),
    );
    const { state } = await until(run.conversation, ({ state: now }) => now.last === idOf(6));
    expect(textOf(state)).toBe('Hello');
  });

  test('loads the state again after a resync without one', async () => {
    await using run = await converse(
      json(200, { ...stateAfter(1), last: idOf(99) }),
      stream('data: {"type":"resync","reason":"beyond"}\n\n', 'hold'),
      json(200, stateAfter(6)),
      serveLog(turn),
    );
    const { state } = await until(run.conversation, ({ state: now }) => now.last === idOf(turn.length));
    expect(textOf(state)).toBe('Hello');
    expect(run.requests).toHaveLength(4);
  });

  test('keeps the identity of unchanged messages, and moves on past unknown events', async () => {
    await using run = await converse(
      json(200, stateAfter(6)),
      stream(frame(7, { type: 'from_the_future' }), 'hold'),
    );
    const before = await until(run.conversation, ({ loaded }) => loaded);
    const after = await until(run.conversation, ({ state }) => state.last === idOf(7));
    expect(after.state.messages).toBe(before.state.messages);
  });

  test('waits for a server that is not there yet', async () => {
    await using run = await converse(
      ...([reset, reset, reset, reset, reset, reset, reset] as const),
      json(200, stateAfter(6)),
      serveLog(turn),
    );
    const { state } = await until(run.conversation, ({ connection }) => connection === 'live');
    expect(textOf(state)).toBe('Hello');
  });

  test('reports why it waits also while it loads', async () => {
    await using server = await converse(reset, json(200, stateAfter(3)), serveLog(turn));
    const waits = until(server.conversation, ({ connection }) => connection === 'waiting');
    expect(await waits).toMatchObject({ loaded: false, error: { code: 'unreachable' }, via: 'sse' });
    await until(server.conversation, ({ connection }) => connection === 'live');
  });

  test('closes with the reason if the session does not exist', async () => {
    await using run = await converse(json(404, { code: 'not_found', title: 'There is no such thing here.' }));
    const { error } = await until(run.conversation, ({ connection }) => connection === 'closed');
    expect(error).toMatchObject({ code: 'not_found' });
  });

  test('closes without an error on close, or when the stream is over', async () => {
    await using run = await converse(json(200, stateAfter(1)), serveLog(turn.slice(0, 1)));
    await until(run.conversation, ({ connection }) => connection === 'live');
    run.conversation.close();
    expect(await until(run.conversation, ({ connection }) => connection === 'closed')).not.toHaveProperty(
      'error',
    );

    await using over = await converse(json(200, stateAfter(1)), (response) => response.writeHead(204).end());
    await until(over.conversation, ({ connection }) => connection === 'closed');
    expect(over.requests).toHaveLength(2);
  });

  test('calls back no more once unsubscribed', async () => {
    await using run = await converse(json(200, stateAfter(0)), serveLog(turn));
    let calls = 0;
    const stop = run.conversation.subscribe(() => (calls += 1));
    stop();
    await until(run.conversation, ({ state }) => state.last === idOf(turn.length));
    expect(calls).toBe(0);
  });
});
