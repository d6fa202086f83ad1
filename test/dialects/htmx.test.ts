// The dialect of `examples/`, which uses what the package exports and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { parse } from 'heddle/wire';
import type { Frame } from 'heddle/wire';
import { htmx } from '../../examples/htmx-dialect.ts';
import { root } from '../rig/child.ts';

let listening: Listening;
beforeAll(async () => {
  const agent = async function* () {
    for (const word of ['a < b', ' & ', '"c"\n', '<script>']) {
      yield word;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  listening = await listen(createServer({ agent, store: memoryStore(), gatherMs: 0, dialects: [htmx()] }), {
    port: 0,
  });
});
afterAll(() => listening.close(0));

async function send(thread: string, body: unknown): Promise<Response> {
  return fetch(`${listening.url}/htmx/${thread}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function read(path: string, after?: string): Promise<readonly Frame[]> {
  const headers = after === undefined ? {} : { 'last-event-id': after };
  const response = await fetch(`${listening.url}${path}`, { headers });
  const frames: Frame[] = [];
  for await (const frame of parse(response.body ?? new ReadableStream())) frames.push(frame);
  return frames.filter(({ data }) => data !== undefined);
}

test('a form is answered with HTML that connects to the stream, and the stream goes on after each frame', async () => {
  const response = await send('my%20chat%22', { text: 'go' });
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const [, path = ''] = /sse-connect="([^"]+)"/.exec(await response.text()) ?? [];
  expect(path).toMatch(/^\/htmx\/my%20chat%22\/[\w-]{16}$/);
  const frames = await read(path);
  expect(frames.map(({ event }) => event)).toEqual(['text', 'text', 'text', 'text', 'end']);
  expect(frames.map(({ data }) => data).join('')).toBe('a &lt; b &amp; &quot;c&quot;<br>&lt;script>');
  for (const [index, { id }] of frames.entries())
    expect(await read(path, id), `after ${index}`).toEqual(frames.slice(index + 1));
});

test('an empty message is refused with a sentence', async () => {
  const response = await send('chat', { text: '' });
  expect([response.status, await response.text()]).toEqual([
    400,
    expect.stringContaining('Write a message first.'),
  ]);
});

test('the example has fewer than 80 lines', () => {
  const text = readFileSync(join(root, 'examples/htmx-dialect.ts'), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThan(80);
});
