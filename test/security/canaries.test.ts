// Many people at once. No one may get a word of another's session.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mint } from '../../src/protocol/internal.ts';
import { defineAgent, toText } from 'heddle';
import type { Agent } from 'heddle';
import { memoryStore } from 'heddle/log';
import type { Store } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { sqliteStore } from 'heddle/sqlite';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const people = 200;
const cleanUp = createCleanUp();

/** Repeats its message in pieces. Others speak in the pauses. */
const echo = defineAgent({
  open: () =>
    async function* ({ input }) {
      for (const word of toText(input.content).split(' ')) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        yield `${word} `;
      }
    },
});

async function serve(agent: Agent, store: Store): Promise<string> {
  const server = createServer({ agent, store, authenticate: (request) => request.header('authorization') });
  const { url, close } = await listen(server, { port: 0 });
  cleanUp(() => close(0));
  return url;
}

async function readUntil(response: Response, what: string): Promise<string> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes(what)) break;
  }
  return text;
}

interface Person {
  readonly name: string;
  readonly canary: string;
  readonly session: string;
  /** Everything that this person was sent. */
  readonly got: string;
}

/** Lets all people send their word at once, and reads everything they get, in every possible way. */
async function talk(url: string): Promise<readonly Person[]> {
  const one = async (_: unknown, index: number): Promise<Person> => {
    const name = `person-${index}`;
    const canary = `canary${mint(12)}`;
    const headers = { authorization: name, 'content-type': 'application/json' };
    const post = (path: string, body: unknown) =>
      fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const { session_id: session } = (await (await post('/session', {})).json()) as { session_id: string };
    const streaming = fetch(`${url}/stream/${session}`, { headers }).then((response) =>
      readUntil(response, '"type":"message_end"'),
    );
    const named = await fetch(`${url}/stream/${session}?dialect=named`, { headers });
    const naming = readUntil(named, 'event: end');
    const sent = await post(`/message/${session}`, {
      content: `my word is ${canary} and no other`,
      author: name,
    });
    const got = await Promise.all([
      sent.text(),
      streaming,
      naming,
      post('/stream', { prompt: `again ${canary}` }).then((response) => response.text()),
      fetch(`${url}/sessions`, { headers }).then((response) => response.text()),
      fetch(`${url}/session/${session}`, { headers }).then((response) => response.text()),
      fetch(`${url}/events/${session}`, { headers }).then((response) => response.text()),
    ]);
    return { name, canary, session, got: got.join('\n') };
  };
  return Promise.all(Array.from({ length: people }, one));
}

/** Returns who got whose word. */
function leaks(persons: readonly Person[]): readonly string[] {
  const known = new Map(persons.map(({ canary, name }) => [canary, name]));
  return persons.flatMap(({ name, canary, got }) =>
    [...new Set(got.match(/canary\w{12}/g))]
      .filter((found) => found !== canary)
      .map((found) => `${name} got the word of ${known.get(found)}`),
  );
}

const stores: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', async () => memoryStore()],
  [
    'SQLite',
    async () => {
      const folder = temporaryFolder();
      cleanUp(folder.remove);
      return sqliteStore({ path: join(folder.path, 'heddle.db') });
    },
  ],
];

test.each(stores)(
  `of ${people} people who talk at once over %s, each gets their own words only`,
  async (_, open) => {
    const url = await serve(echo, await open());
    const persons = await talk(url);
    expect(leaks(persons)).toEqual([]);
    for (const { got, canary, name } of persons) {
      expect(got.split(canary).length, name).toBeGreaterThan(6);
    }
  },
  120_000,
);

test('the twin: an agent that keeps its message outside of its session is found', async () => {
  let told = '';
  const forgetful = defineAgent({
    open: () =>
      async function* ({ input }) {
        told = toText(input.content);
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield told;
      },
  });
  expect(leaks(await talk(await serve(forgetful, memoryStore()))).length).toBeGreaterThan(0);
}, 120_000);

test('no last event id brings a word of another session, whatever it contains', async () => {
  const url = await serve(echo, memoryStore());
  const as = (name: string) => ({ authorization: name, 'content-type': 'application/json' });
  const talkOnce = async (
    name: string,
    word: string,
  ): Promise<{ session: string; ids: readonly string[] }> => {
    const post = (path: string, body: unknown) =>
      fetch(`${url}${path}`, { method: 'POST', headers: as(name), body: JSON.stringify(body) });
    const { session_id: session } = (await (await post('/session', {})).json()) as { session_id: string };
    const stream = await fetch(`${url}/stream/${session}`, { headers: as(name) });
    await post(`/message/${session}`, { content: word });
    const text = await readUntil(stream, '"type":"message_end"');
    return { session, ids: [...text.matchAll(/^id: (\S+)$/gm)].map(([, id = '']) => id) };
  };
  const ada = await talkOnce('ada', 'canary-of-ada');
  const eve = await talkOnce('eve', 'word-of-eve');
  const once = await (await fetch(`${url}/stream?prompt=canary-of-ada`, { headers: as('ada') })).text();
  const onceIds = [...once.matchAll(/^id: (\S+)$/gm)].map(([, id = '']) => id);
  expect(once).toContain('canary-of-ada');

  const last = ada.ids.at(-1) ?? '';
  const games = [
    ...ada.ids,
    ...ada.ids.map((id) => `${id}.${ada.session}`),
    ...ada.ids.map((id) => `${id}.${eve.session}`),
    ...ada.ids.map((id) => `${id}~0`),
    ...onceIds,
    `0-${last.split('-')[1]}`,
    '-1-AAAAAA',
    '999999999999999-AAAAAA',
    '1e3-AAAAAA',
    '1-AAAAAA.',
    `1-AAAAAA.../${ada.session}`,
    '',
    ' ',
    '*',
    '1',
    'AAAAAA',
    `${last}, ${last}`,
    `${eve.ids[0]}.${eve.session}.${ada.session}`,
    'ÿ',
    'x'.repeat(10_000),
  ];
  for (const id of games) {
    for (const path of [`/stream/${eve.session}`, '/stream?prompt=word-of-eve', `/events/${eve.session}`]) {
      const query = `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(id)}`;
      for (const [target, extra] of [
        [path, { 'last-event-id': id }],
        [query, {}],
      ] as const) {
        const gone = new AbortController();
        const response = await fetch(`${url}${target}`, {
          headers: { ...as('eve'), ...extra },
          signal: gone.signal,
        });
        const reads = (await Promise.race([
          readUntil(response, 'canary').catch(() => ''),
          new Promise((resolve) => setTimeout(resolve, 50, '')),
        ])) as string;
        gone.abort();
        expect(reads, `${target} after ${id}`).not.toContain('canary');
        expect([200, 204, 400, 404], `${target} after ${id}`).toContain(response.status);
      }
    }
  }
}, 120_000);
