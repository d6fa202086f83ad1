import { describe, expect, test } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { turnOf } from './scripted-log.fixture.ts';
import { json, reset, startScript, stream } from './scripted-server.fixture.ts';
import type { ScriptedServer, Step } from './scripted-server.fixture.ts';
import { createClient } from './index.ts';
import type { AskOptions, EventAtId } from './index.ts';

const turn = turnOf('Hel', 'lo').slice(2);
const frames = turn.map((event, index) => `id: ${index + 3}-aaaaaa.s1\ndata: ${JSON.stringify(event)}\n\n`);
const first = 'retry: 1000\n: hello\n\nid: 2-aaaaaa.s1\n\n';
const end = 'data: {"type":"end"}\n\n';

async function ask(server: ScriptedServer, options?: AskOptions): Promise<readonly EventAtId[]> {
  const all: EventAtId[] = [];
  const client = createClient({ url: server.url, timing: createFakeTiming() });
  for await (const received of client.ask('Hi', options)) all.push(received);
  return all;
}

const whole = [...turn, { type: 'end' }];

describe('asking one question', () => {
  test('follows the answer to its end', async () => {
    await using server = await startScript(stream(first + frames.join('') + end));
    const all = await ask(server, { key: 'k1' });
    expect(all.map(({ event }) => event)).toEqual(whole);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/stream?dialect=typed',
      body: '{"prompt":"Hi"}',
    });
    expect(server.requests[0]?.headers['idempotency-key']).toBe('k1');
  });

  test('continues with the same key and the last id after a lost connection', async () => {
    await using server = await startScript(
      reset,
      stream(first, 'reset'),
      stream(first + frames.slice(0, 3).join('')),
      stream(frames.slice(2).join('') + end),
    );
    const all = await ask(server);
    expect(all.map(({ event }) => event)).toEqual(whole);
    const keys = new Set(server.requests.map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect(server.requests.at(-1)?.headers['last-event-id']).toBe('5-aaaaaa.s1');
  });

  test('ends when the server has nothing more', async () => {
    await using server = await startScript(stream(first + frames.join('')), (response) =>
      response.writeHead(204).end(),
    );
    expect((await ask(server)).map(({ event }) => event)).toEqual(turn);
  });

  test('does not ask again after an answer without ids breaks off', async () => {
    await using server = await startScript(stream('event: content\ndata: {"content":"Hel"}\n\n'));
    await expect(ask(server)).rejects.toMatchObject({ code: 'cut' });
    expect(server.requests).toHaveLength(1);
  });

  test('also ends with the end event of the named shape', async () => {
    await using server = await startScript(
      stream('event: content\ndata: {"content":"Hello"}\n\nevent: end\ndata: {}\n\n'),
    );
    expect((await ask(server)).map(({ event }) => event)).toEqual([
      { type: 'unknown', name: 'content', data: { content: 'Hello' } },
      { type: 'unknown', name: 'end', data: {} },
    ]);
    expect(server.requests).toHaveLength(1);
  });

  test('fails if the question is refused', async () => {
    await using server = await startScript(json(400, { code: 'malformed' }));
    await expect(ask(server)).rejects.toMatchObject({ code: 'malformed', status: 400 });
  });

  test('is resumed if only comments come for too long', async () => {
    const beating: Step = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(':\n\n'), 10);
      response.on('close', () => clearInterval(timer));
    };
    await using server = await startScript(beating, stream('data: {"type":"end"}\n\n', 'hold'));
    const client = createClient({ url: server.url, eventTimeoutMs: 100 });
    const types: string[] = [];
    for await (const { event } of client.ask('Hi')) types.push(event.type);
    expect(types).toEqual(['end']);
    expect(server.requests).toHaveLength(2);
  });
});
