// The agent of one Heddle, served to another Heddle as A2A by `heddle/agents/remote`.
import { createClient, createConversation } from 'heddle/client';
import { remote } from 'heddle/agents/remote';
import { a2a } from 'heddle/dialects';
import type { CheckedServer } from 'heddle/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startWith } from '../rig/checked-server.ts';
import { createCheckedAgent } from '../../src/testing/dialects/checked-agent.ts';

const agent = createCheckedAgent();
let inner: CheckedServer;
let outer: CheckedServer;
beforeAll(async () => {
  inner = await startWith(a2a())(agent.agent);
  const headers = { authorization: 'Bearer the other server' };
  outer = await startWith()(remote({ url: `${inner.url}/a2a`, format: 'a2a', headers }));
});
afterAll(async () => {
  await outer.close();
  await inner.close();
});

interface Talk {
  send(text: string): Promise<void>;
  /** Waits until nothing runs. Returns the texts of the last answer's turns. */
  rest(): Promise<readonly string[]>;
  readonly conversation: ReturnType<typeof createConversation>;
  readonly session: ReturnType<ReturnType<typeof createClient>['session']>;
}

async function open(): Promise<Talk> {
  const client = createClient({ url: outer.url, headers: { authorization: 'Bearer ada' } });
  const session = await client.create();
  const conversation = createConversation(session);
  conversation.subscribe(() => {});
  const last = () => conversation.get().state?.messages.at(-1);
  return {
    conversation,
    session,
    async send(text) {
      await session.send(text);
      await vi.waitFor(
        () =>
          expect(conversation.get().state?.messages.findLast(({ role }) => role === 'user')).toMatchObject({
            content: text,
          }),
        5_000,
      );
    },
    async rest() {
      await vi.waitFor(
        () => expect(last()).toMatchObject({ role: 'agent', outcome: expect.any(String) }),
        5_000,
      );
      const message = last();
      return message?.role === 'agent'
        ? message.parts.flatMap((part) => (part.type === 'text' ? part.text : []))
        : [];
    },
  };
}

test('an answer comes through word by word, and the conversation goes on in one context', async () => {
  const talk = await open();
  await talk.send('count 20');
  expect((await talk.rest()).join('')).toContain('word-20 ');
  await talk.send('hello');
  expect(await talk.rest()).toEqual(['hello.']);
  const listed = await fetch(`${inner.url}/a2a/tasks`, {
    headers: { authorization: 'Bearer the other server', 'a2a-version': '1.0' },
  });
  const { tasks } = (await listed.json()) as { readonly tasks: readonly { readonly contextId: string }[] };
  expect(new Set(tasks.map(({ contextId }) => contextId)).size).toBe(1);
  expect(agent.asked('count 20')).toBe(1);
});

test.each([
  [true, 'Thank you.'],
  [false, 'As you wish.'],
])('an approval that is answered with %j goes back to the agent that asked', async (decision, said) => {
  const talk = await open();
  await talk.send('ask');
  expect(await talk.rest()).toEqual(['May I? ']);
  const [asked] = talk.conversation.get().state?.approvals ?? [];
  expect(asked?.reason).toEqual({ kind: 'input-required', message: 'It costs money.' });
  await talk.session.answer(asked?.approval ?? '', decision);
  await vi.waitFor(async () => expect(await talk.rest()).toEqual([said]));
});

test('text that is withdrawn or replaced is so on both sides', async () => {
  const talk = await open();
  await talk.send('retract');
  expect((await talk.rest()).join('')).toBe('Right.');
  await talk.send('replace');
  expect((await talk.rest()).join('')).toBe('A word.');
});

test('a failure goes through', async () => {
  const talk = await open();
  await talk.send('fail');
  await talk.rest();
  expect(talk.conversation.get().state?.messages.at(-1)).toMatchObject({ outcome: 'failed' });
});

test('a cancel goes through', async () => {
  const talk = await open();
  await talk.send('hang');
  await vi.waitFor(() => expect(agent.asked('hang')).toBe(1));
  await talk.session.cancel();
  await vi.waitFor(() => expect(agent.cancelled).toBe(1));
});
