// Clients that Heddle did not write, and the simplest clients possible.
import { once } from 'node:events';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { EventSource as NodeEventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { browserNames, usePages } from '../rig/browser.ts';
import { start } from '../rig/child.ts';
import { heddleServe } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

let served: Served;
beforeAll(async () => {
  served = await heddleServe(['examples/echo-agent.ts', '--memory']);
});
afterAll(() => served.child.stop());

const answer = ['You ', 'said: ', 'hello ', 'world '];

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  test('a page sends and receives with POST and EventSource only', async () => {
    const page = await newPage();
    await page.goto(`${served.url}/health`);
    const text = await page.evaluate(async () => {
      const created: unknown = await (await fetch('/session', { method: 'POST' })).json();
      const session = (created as { session_id: string }).session_id;
      const source = new EventSource(`/stream/${session}`);
      let said = '';
      const ended = new Promise<void>((resolve) => {
        source.onmessage = ({ data }: MessageEvent<string>) => {
          const event = JSON.parse(data) as { type: string; data: string };
          if (event.type === 'content') said += event.data;
          if (event.type === 'message_end') resolve();
        };
      });
      await new Promise((resolve) => source.addEventListener('open', resolve));
      await fetch(`/message/${session}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ content: 'hello world' }),
      });
      await ended;
      source.close();
      return said;
    });
    expect(text).toBe(answer.join(''));
  });
});

test('a reader that knows only `data:` lines reads typed JSON to its end', async () => {
  const url = `${served.url}/stream?dialect=typed&prompt=${encodeURIComponent('hello world')}`;
  const response = await new Promise<NodeJS.ReadableStream>((resolve) => get(url, resolve));
  const types: string[] = [];
  let text = '';
  for await (const line of createInterface({ input: response })) {
    if (!line.startsWith('data: ')) continue;
    const event = JSON.parse(line.slice(6)) as { type: string; data: string };
    types.push(event.type);
    if (event.type === 'content') text += event.data;
    if (event.type === 'end') break;
  }
  expect(text).toBe(answer.join(''));
  expect(types.at(-1)).toBe('end');
});

test('a reader in Python that knows only `data:` lines reads a server whose one-shot streams are typed', async () => {
  const server = await heddleServe(['examples/echo-agent.ts', '--memory', '--dialect', 'typed']);
  onTestFinished(async () => void (await server.child.stop()));
  const child = start('/usr/bin/python3', ['test/client/plain_reader.py', server.url, 'こんにちは 世界']);
  onTestFinished(async () => void (await child.stop()));
  await once(child.process, 'close');
  expect(child.output()).toBe('You said: こんにちは 世界 ');
});

test('the eventsource package receives the answer once, and stops after it', async () => {
  const source = new NodeEventSource(`${served.url}/stream?prompt=${encodeURIComponent('hello world')}`);
  let text = '';
  let ends = 0;
  source.addEventListener(
    'content',
    ({ data }) => (text += (JSON.parse(String(data)) as { content: string }).content),
  );
  source.addEventListener('end', () => (ends += 1));
  await vi.waitFor(() => expect(source.readyState).toBe(source.CLOSED), { timeout: 15_000 });
  expect([text, ends]).toEqual([answer.join(''), 1]);
});

test('eventsource-parser reads the same frames', async () => {
  const response = await fetch(`${served.url}/stream?prompt=${encodeURIComponent('hello world')}`);
  const names: (string | undefined)[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: ({ event }) => names.push(event),
    onComment: (comment) => comments.push(comment),
  });
  parser.feed(await response.text());
  expect(names[0]).toBe('tool_use');
  expect(names.at(-1)).toBe('end');
  expect(new Set(names)).toEqual(new Set(['tool_use', 'content', 'end']));
  expect(comments).toContain('heddle');
});
