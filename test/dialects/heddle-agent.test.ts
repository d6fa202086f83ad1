// The recipe for `HttpAgent` in two tabs of one conversation.
import { once } from 'node:events';
import { toText } from 'heddle';
import type { Turn } from 'heddle';
import { agUi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HeddleAgent } from '../../examples/heddle-agent.ts';

const told: string[] = [];
let listening: Listening;
let release: AbortController;

async function* answer({ input, signal }: Turn): AsyncGenerator<string> {
  const asked = toText(input.content);
  told.push(`${asked} begins`);
  yield 'one ';
  if (!signal.aborted) await once(AbortSignal.any([signal, release.signal]), 'abort');
  told.push(`${asked} ${signal.aborted ? 'is stopped' : 'ends'}`);
  yield 'two';
}

beforeEach(async () => {
  told.splice(0);
  release = new AbortController();
  const server = createServer({ agent: answer, store: memoryStore(), dialects: [agUi()] });
  listening = await listen(server, { port: 0 });
});
afterEach(() => listening.close(0));

async function load(): Promise<string> {
  return (await fetch(`${listening.url}/agui?threadId=room`)).text();
}

function openTab(): HeddleAgent {
  return new HeddleAgent({ url: `${listening.url}/agui`, threadId: 'room' });
}

async function ask(tab: HeddleAgent, content: string): Promise<void> {
  tab.addMessage({ id: content, role: 'user', content });
  await tab.runAgent().catch(() => {});
}

test('an abort stops the run that its tab shows, and no run of another tab', async () => {
  const [one, two] = [openTab(), openTab()];
  const first = ask(one, 'first');
  await expect.poll(() => told).toEqual(['first begins']);
  const second = ask(two, 'second');
  await expect.poll(load).toContain('second');
  two.abortRun();
  await expect.poll(load).not.toContain('second');
  release.abort();
  await Promise.all([first, second]);
  expect(told).toEqual(['first begins', 'first ends']);
});

test('an abort stops the run that a tab has connected to', async () => {
  const first = ask(openTab(), 'first');
  await expect.poll(() => told).toEqual(['first begins']);
  const two = openTab();
  const connected = two.connectAgent().catch(() => {});
  await expect.poll(() => two.messages.at(-1)?.content).toBe('one ');
  two.abortRun();
  await Promise.all([first, connected]);
  expect(told).toEqual(['first begins', 'first is stopped']);
});
