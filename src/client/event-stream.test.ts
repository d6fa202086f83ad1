import { expect, test } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { startScript, stream } from './scripted-server.fixture.ts';
import { createEventStream } from './index.ts';

const block = (id: number): string => `id: ${id}\ndata: event ${id}\n\n`;

test('a new loop continues after the last event handed on, not after the last one received', async () => {
  await using server = await startScript(
    stream(block(1) + block(2) + block(3), 'hold'),
    stream(block(2), 'hold'),
  );
  const events = createEventStream(server.url);
  const seen: string[] = [];
  for (let loop = 0; loop < 2; loop += 1) {
    for await (const { data } of events) {
      seen.push(`${data}, ${events.lastEventId}`);
      break;
    }
  }
  expect(seen).toEqual(['event 1, 1', 'event 2, 2']);
  expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1']);
});

test('two loops at once each have their own position', async () => {
  await using server = await startScript(stream(block(1), 'hold'));
  const events = createEventStream(server.url);
  const read = async (): Promise<string> => {
    for await (const { data } of events) return data;
    return '';
  };
  expect(await Promise.all([read(), read()])).toEqual(['event 1', 'event 1']);
});

test('a silent stream that cannot be polled is tried again after a wait', async () => {
  await using server = await startScript(stream('', 'hold'), stream(block(1), 'hold'));
  const told: string[] = [];
  const events = createEventStream(server.url, {
    timing: createFakeTiming(0.5, 100),
    onConnection: (connection, { via }) => told.push(`${connection} ${via}`),
  });
  for await (const { data } of events) {
    expect(data).toBe('event 1');
    break;
  }
  expect(told.slice(0, 5)).toEqual([
    'connecting sse',
    'live sse',
    'waiting sse',
    'connecting sse',
    'live sse',
  ]);
});
