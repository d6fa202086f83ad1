// One session, and every client at once: each one sends, and in the end each one shows the same conversation.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { defineAgent, isEntry, toText } from 'heddle';
import type { SessionEvent } from 'heddle';
import { createClient, createConversation } from 'heddle/client';
import { a2a, agUi, aiSdk } from 'heddle/dialects';
import type { CheckedServer, DialectClient, ShownExchange } from 'heddle/testing';
import { startWith } from '../rig/checked-server.ts';
import { a2aOracles } from '../rig/dialects/a2a-clients.ts';
import { aiSdkOracles } from '../rig/dialects/ai-sdk-clients.ts';
import { agUiOracles } from '../rig/dialects/ag-ui-clients.ts';

const thread = 'room 1';
const owner = 'ada';
const headers = { authorization: `Bearer ${owner}` };
const oracles = [...aiSdkOracles, ...Object.values(agUiOracles), a2aOracles.rpc, a2aOracles.http];

let server: CheckedServer;
beforeAll(async () => {
  // CopilotKit connects in a page only.
  vi.stubGlobal('window', globalThis);
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        for (const word of `I heard ${toText(input.content)}`.split(' ')) {
          yield `${word} `;
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
      },
  });
  server = await startWith(aiSdk(), agUi(), a2a())(agent);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await server.close();
});

/** Sends with curl, as a script would, and resolves when the answer has ended. */
async function sendWithCurl(session: string, content: string): Promise<void> {
  const run = promisify(execFile);
  const auth = ['-sS', '--fail', '-H', `authorization: ${headers.authorization}`];
  const json = ['-H', 'content-type: application/json', '-d', JSON.stringify({ content })];
  const { stdout } = await run('curl', [...auth, ...json, `${server.url}/message/${session}`]);
  const { turn_id: turn } = Object(JSON.parse(stdout));
  for (let after = ''; ;) {
    const { stdout: text } = await run('curl', [
      ...auth,
      `${server.url}/events/${session}?wait=5&after=${after}`,
    ]);
    const { entries } = Object(JSON.parse(text)) as { entries: { id: string; event: SessionEvent }[] };
    if (entries.some(({ event }) => event.type === 'message_end' && event.turn === turn)) return;
    after = entries.at(-1)?.id ?? after;
  }
}

/** Follows a session with a plain EventSource. Returns what it has heard, one exchange after the other. */
function listenPlainly(session: string): { readonly heard: () => readonly ShownExchange[]; close(): void } {
  const source = new EventSource(`${server.url}/stream/${session}`, {
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
  });
  const exchanges = new Map<string, { said: string; text: string }>();
  source.addEventListener('message', ({ lastEventId, data }) => {
    const entry: unknown = { id: lastEventId, at: 0, event: JSON.parse(data) };
    if (!isEntry(entry)) return;
    const { event } = entry;
    if (event.type === 'message') exchanges.set(event.turn, { said: toText(event.content), text: '' });
    const exchange = 'turn' in event ? exchanges.get(event.turn) : undefined;
    if (event.type === 'content' && exchange) exchange.text += event.data;
  });
  return {
    heard: () => [...exchanges.values()].map((each) => ({ ...each, reasoning: '', tools: [] })),
    close: () => source.close(),
  };
}

test('every client sends at once, and each shows the whole conversation in the end', async () => {
  const place = { url: server.url, thread, owner };
  const open = async (): Promise<readonly DialectClient[]> =>
    Promise.all(oracles.map(async (oracle) => oracle.open(place)));
  // The first message makes the session.
  const [first, ...others] = await open();
  await first?.send('hello');
  const { sessions } = Object(await (await fetch(`${server.url}/sessions`, { headers })).json()) as {
    sessions: { session_id: string }[];
  };
  expect(sessions).toHaveLength(1);
  const session = sessions[0]?.session_id ?? '';

  const plain = listenPlainly(session);
  const own = createClient({ url: server.url, headers }).session(session);
  const conversation = createConversation(own);
  const leave = conversation.subscribe(() => {});
  await Promise.all([
    ...others.map((client, index) => client.send(`from ${oracles[index + 1]?.name}`)),
    own.send('from our own client'),
    sendWithCurl(session, 'from curl'),
  ]);
  const count = oracles.length + 2;
  await vi.waitFor(() => expect(conversation.get().state?.turn).toBeUndefined());

  const pages = await open();
  for (const page of pages) await page.load();
  const expected = pages[0]?.shown() ?? [];
  expect(expected.map(({ said }) => said).toSorted()).toEqual(
    [
      'hello',
      'from our own client',
      'from curl',
      ...oracles.slice(1).map(({ name }) => `from ${name}`),
    ].toSorted(),
  );
  for (const { said, text } of expected) expect(text).toBe(`I heard ${said} `);
  for (const [index, page] of pages.entries()) expect(page.shown(), oracles[index]?.name).toEqual(expected);
  await vi.waitFor(() => expect(plain.heard()).toHaveLength(count));
  expect(plain.heard().toSorted(bySaid), 'EventSource').toEqual(expected.toSorted(bySaid));
  expect(toExchanges(conversation.get().state?.messages ?? []), 'our own client').toEqual(expected);

  plain.close();
  leave();
  for (const client of [first, ...others, ...pages]) await client?.close();
}, 60_000);

function bySaid(one: ShownExchange, other: ShownExchange): number {
  return one.said < other.said ? -1 : 1;
}

type Messages = NonNullable<ReturnType<ReturnType<typeof createConversation>['get']>['state']>['messages'];

function toExchanges(messages: Messages): readonly ShownExchange[] {
  return messages.flatMap((message) => {
    if (message.role !== 'user') return [];
    const parts = messages.flatMap((each) =>
      each.role === 'agent' && each.message === message.message ? each.parts : [],
    );
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    return [{ said: toText(message.content), text, reasoning: '', tools: [] }];
  });
}
