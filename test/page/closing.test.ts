// A tab is closed while its message is being sent.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { ServerRequest } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { ask, byId } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

let listening: Listening;
/** POST requests wait for this after their arrival. */
let gate = Promise.resolve();
let waiting = 0;
beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        yield `You said ${String(input.content)}.`;
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  const server = createServer({ agent, store: memoryStore(), page });
  listening = await listen(
    {
      ...server,
      handle: async (asked) => {
        if (asked.method !== 'POST' || asked.path === '/streams') return server.handle(asked);
        const bytes = await asked.body(Infinity);
        waiting += 1;
        await gate;
        waiting -= 1;
        return server.handle(Object.create(asked, { body: { value: async () => bytes } }) as ServerRequest);
      },
    },
    { port: 0 },
  );
});
afterAll(() => listening.close(0));

/** Returns the states of all conversations as JSON. */
async function everything(): Promise<string> {
  const client = createClient({ url: listening.url });
  const states = (await client.sessions()).map(({ session }) => client.session(session).state());
  return JSON.stringify(await Promise.all(states));
}

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  test.each([
    ['the first message of a conversation', false],
    ['a later one', true],
  ])('%s is sent and answered although its tab closes at once', async (_, isLater) => {
    const page = await newPage();
    await page.goto(listening.url);
    if (isLater) {
      await ask(page, 'good day');
      await page.locator(`${byId('agent-message')}[data-outcome=completed]`).wait();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    const prompt = `${name} asks ${isLater ? 'later' : 'first'}`;
    await ask(page, prompt);
    await vi.waitFor(() => expect(waiting).toBe(1));
    await page.close();
    resolve();
    await vi.waitFor(async () => expect(await everything()).toContain(`You said ${prompt}.`));
  });
});
