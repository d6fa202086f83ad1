import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createFakeTiming } from '../fake-timing.fixture.ts';
import { frame, serveLog, turnOf } from '../scripted-log.fixture.ts';
import { json, reset, startScript, stream } from '../scripted-server.fixture.ts';
import { BidirectionalSSEClient, SSEClient } from '../index.ts';
import type { Handlers } from '../index.ts';

const timing = createFakeTiming();

/** Creates handlers that record their calls, and a promise for the first end or error. */
function record(): { readonly handlers: Handlers; readonly calls: unknown[]; readonly over: Promise<void> } {
  const calls: unknown[] = [];
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const handlers: Handlers = {
    onContent: (text) => calls.push(['content', text]),
    onToolUse: (use) => calls.push(['tool', use]),
    onEnd: () => resolve(void calls.push('end')),
    onError: (error) => resolve(void calls.push(['error', error.message])),
  };
  return { handlers, calls, over };
}

const toolUse = { type: 'tool_use', turn: 't1', call: 'c1', tool: 'add', input: { a: 1 } };
const texts = [
  ['content', 'Hel'],
  ['content', 'lo'],
];

describe('SSEClient', () => {
  test('passes text, tools and the end to callbacks', async () => {
    const [start, ...rest] = turnOf('Hel', 'lo').slice(2);
    const events = [start, toolUse, ...rest];
    await using server = await startScript(
      stream(`${events.map((event, index) => frame(index + 3, event)).join('')}data: {"type":"end"}\n\n`),
    );
    const { handlers, calls, over } = record();
    const types: string[] = [];
    new SSEClient(server.url).connect('Hi', { ...handlers, onMessage: ({ type }) => types.push(type) });
    await over;
    expect(calls).toEqual([['tool', { tool: 'add', input: { a: 1 }, id: 'c1' }], ...texts, 'end']);
    expect(types).toEqual([...events.map((event) => event?.type), 'end']);
  });

  test('resumes without a callback', async () => {
    const frames = turnOf('Hel', 'lo').map((event, index) => frame(index + 1, event));
    await using server = await startScript(
      reset,
      stream(frames.slice(0, 5).join('')),
      stream(`${frames.slice(5).join('')}data: {"type":"end"}\n\n`),
    );
    const { handlers, calls, over } = record();
    new SSEClient(server.url, { timing }).connect('Hi', handlers);
    await over;
    expect(calls).toEqual([...texts, 'end']);
  });

  test.each([
    [
      'typed',
      'data: {"type":"content","data":"Hel"}\n\ndata: {"type":"content","data":"lo"}\n\ndata: {"type":"end"}\n\n',
    ],
    [
      'named',
      'event: content\ndata: {"content": "Hel"}\n\nevent: content\ndata: {"content": "lo"}\n\nevent: end\ndata: {}\n\n',
    ],
  ])('reads the simple %s shape of other servers', async (_, text) => {
    await using server = await startScript(stream(text));
    const { handlers, calls, over } = record();
    new SSEClient(server.url).connect('Hi', handlers);
    await over;
    expect(calls).toEqual([...texts, 'end']);
  });

  test('reports a failed turn and a refusal', async () => {
    const failed = {
      type: 'message_end',
      turn: 't1',
      outcome: 'failed',
      error: { code: 'x', message: 'Broken.' },
    };
    await using server = await startScript(
      stream(`${frame(3, failed)}data: {"type":"end"}\n\n`),
      json(400, { code: 'malformed', title: 'The request is malformed.' }),
    );
    const client = new SSEClient(server.url);
    const first = record();
    client.connect('Hi', first.handlers);
    await first.over;
    expect(first.calls[0]).toEqual(['error', 'Broken.']);
    const second = record();
    client.connect('Hi', second.handlers);
    await second.over;
    expect(second.calls).toEqual([['error', 'The request is malformed.']]);
  });

  test('calls nothing after close, and frees its socket', async () => {
    await using server = await startScript(
      stream(frame(3, turnOf('Hel')[4]) + frame(4, turnOf('Hel')[4]), 'hold'),
    );
    const client = new SSEClient(server.url);
    const { handlers, calls } = record();
    client.connect('Hi', { ...handlers, onMessage: () => client.close() });
    await server.until(() => server.requests.length === 1 && server.sockets() === 0);
    expect(calls).toEqual([]);
  });

  test('does not swallow what a handler throws, and goes on', async () => {
    await using server = await startScript(stream(`${frame(3, turnOf('Hel')[4])}data: {"type":"end"}\n\n`));
    const mistake = new Error('A mistake in a handler.');
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const uncaught = once(process, 'uncaughtException');
    const { handlers, calls, over } = record();
    new SSEClient(server.url).connect('Hi', {
      ...handlers,
      onMessage({ type }) {
        if (type === 'content') throw mistake;
      },
    });
    expect((await uncaught)[0]).toBe(mistake);
    await over;
    for (const listener of others) process.on('uncaughtException', listener);
    expect(calls).toEqual([['content', 'Hel'], 'end']);
  });
});

describe('BidirectionalSSEClient', () => {
  test('creates a session, sends, and passes on each answer', async () => {
    await using server = await startScript(
      json(201, { session_id: 's1' }),
      json(202, { message_id: 'm1', turn_id: 't1', id: '2-aaaaaa' }),
      serveLog(turnOf('Hel', 'lo'), { bytes: 300, by: 'reset' }),
      serveLog(turnOf('Hel', 'lo')),
    );
    const client = new BidirectionalSSEClient(server.url, { timing });
    expect(await client.createSession()).toBe('s1');
    await client.send('Hi');
    const { handlers, calls, over } = record();
    client.connect(handlers);
    await over;
    client.close();
    expect(calls).toEqual([...texts, 'end']);
  });

  test('passes the state to a callback if it cannot continue after its last entry', async () => {
    const state = { session: 's1', last: '9-aaaaaa', messages: [], approvals: [] };
    const resync = `data: ${JSON.stringify({ type: 'resync', reason: 'beyond', state })}\n\n`;
    await using server = await startScript(json(201, { session_id: 's1' }), stream(resync, 'hold'));
    const client = new BidirectionalSSEClient(server.url, { timing });
    await client.createSession();
    const told = await new Promise((resolve) => client.connect({ onResync: resolve }));
    client.close();
    expect(told).toEqual(state);
  });

  test('needs a session first', async () => {
    const client = new BidirectionalSSEClient('http://127.0.0.1:1');
    expect(() => client.connect({})).toThrow('createSession()');
    await expect(client.send('Hi')).rejects.toThrow('createSession()');
  });
});
