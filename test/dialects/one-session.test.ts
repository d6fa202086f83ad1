// An A2A client, the `openai` package, `useChat` and Heddle's own page talk in one session.
import { join } from 'node:path';
import { ListTasksRequest, SendMessageRequest, TaskState } from 'a2a-sdk';
import type { Task } from 'a2a-sdk';
import type { Client } from 'a2a-sdk/client';
import OpenAI from 'openai';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineAgent, toText } from 'heddle';
import { a2a, aiSdk, openAi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { bundleApp } from '../rig/bundle-app.ts';
import { ask, byId, useChatPages, visibleTexts } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';
import { connectA2a } from '../rig/dialects/a2a-clients.ts';

const agent = defineAgent({
  open: () =>
    async function* ({ input, turn }) {
      if (input.type === 'answers') yield 'It is paid.';
      else if (input.content === 'pay') {
        yield { type: 'tool_use', call: 'c1', tool: 'pay', input: { sum: 5 } };
        yield { type: 'approval_request', approval: `a-${turn}`, call: 'c1', reason: 'Pay 5?' };
      } else yield `I heard ${toText(input.content)}.`;
    },
});

let listening: Listening;
let bundle: string;
beforeAll(async () => {
  bundle = await bundleApp('test/dialects/ai-sdk-app.fixture.tsx', 'development', ['@heddle/source']);
  const files = pageFiles(join(root, 'dist/page'));
  const blank = { 'content-type': 'text/html' };
  const server = createServer({
    agent,
    store: memoryStore(),
    gatherMs: 0,
    dialects: [aiSdk(), openAi(), a2a()],
    page: (path) =>
      path === '/use-chat'
        ? {
            type: 'whole',
            status: 200,
            headers: blank,
            body: '<!doctype html><title>useChat</title><link rel=icon href=data:,>',
          }
        : files(path),
  });
  listening = await listen(server, { port: 0 });
});
afterAll(() => listening.close(0));

const { openPage } = useChatPages('chromium');

async function openUseChat(session: string, beside: Page): Promise<Page> {
  const page = await openPage(`${listening.url}/use-chat?chat=${session}&transport=heddle`, beside);
  await page.addScriptTag({ content: bundle });
  await page.waitForSelector('main[data-status=ready]');
  return page;
}

async function sendByA2a(client: Client, contextId: string, text: string): Promise<Task> {
  const message = { messageId: crypto.randomUUID(), contextId, role: 'ROLE_USER', parts: [{ text }] };
  const result = await client.sendMessage(SendMessageRequest.fromJSON({ message }));
  if (!('status' in result)) throw new Error('The answer is no task.');
  return result;
}

test('each client sees what the others say, and one approves what another one asked for', async () => {
  const own = await openPage(listening.url);
  await ask(own, 'from the page');
  await own.locator(`${byId('agent-message')}[data-outcome=completed]`).wait();
  const session = new URL(own.url()).hash.split('/').at(-1) ?? '';

  const chat = await openUseChat(session, own);
  expect(await visibleTexts(chat, 'p')).toEqual(['from the page', 'I heard from the page.']);
  await chat.click('#send');
  await expect.poll(() => visibleTexts(chat, '.assistant')).toContain('I heard count.');

  const openai = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const response = await openai.responses.create({
    model: 'heddle',
    input: 'from openai',
    conversation: session,
  });
  expect(response.output_text).toBe('I heard from openai.');

  const peer = await connectA2a(listening.url, { binding: 'JSONRPC', version: '1.0' }, {});
  const asked = await sendByA2a(peer, session, 'pay');
  expect(asked.status?.state).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
  await own.bringToFront();
  await own.locator(byId('approve')).click();
  await expect
    .poll(async () => (await peer.getTask({ tenant: '', id: asked.id })).status?.state)
    .toBe(TaskState.TASK_STATE_COMPLETED);

  const said = ['from the page', 'count', 'from openai', 'pay'];
  const heard = ['I heard from the page.', 'I heard count.', 'I heard from openai.', 'It is paid.'];
  await expect.poll(() => visibleTexts(own, '.prose')).toEqual(heard);
  // The last message has a button below it.
  const messages = await visibleTexts(own, byId('message'));
  expect(messages.map((text) => text.split('\n')[0])).toEqual(said);
  const again = await openUseChat(session, own);
  expect(await visibleTexts(again, '.user')).toEqual(said);
  expect(await visibleTexts(again, '.assistant')).toEqual(heard);
  const { tasks } = await peer.listTasks(
    ListTasksRequest.fromJSON({ contextId: session, includeArtifacts: true }),
  );
  const artifacts = tasks.map((task) => JSON.stringify(task.artifacts));
  expect(artifacts).toHaveLength(4);
  for (const text of heard) expect(artifacts).toContainEqual(expect.stringContaining(text));
  expect(await openai.responses.retrieve(response.id)).toMatchObject({ output_text: 'I heard from openai.' });
}, 60_000);
