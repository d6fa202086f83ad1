// Heddle with all its parts: `heddle.ts <keepaliveMs> <store or URL of a Redis> <folder>`.
import { defineAgent } from 'heddle';
import type { AgentEvent, SessionEvent } from 'heddle';
import { memoryStore } from 'heddle/log';
import type { Store } from 'heddle/log';
import { listen } from 'heddle/node';
import { fromNodeRedis, redisStore } from 'heddle/redis';
import { createServer } from 'heddle/server';
import { sqliteStore } from 'heddle/sqlite';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { answerLines } from '../answer-lines.ts';
import { toMark } from '../mark.ts';
import { pace } from '../pace.ts';
import { toSpeech } from '../speech.ts';
import type { SpokenLoad } from '../speech.ts';
import { keepaliveMs, toPort } from './listen.ts';

/** The state of a session's agent, which waits until its next token is due. */
interface Voice {
  /** The events so far, for as long as the session lives. */
  said: number;
  /** The tokens that are due now, and all tokens that the agent has not yielded. */
  due: number;
  left: number;
  wake: () => void;
}

const [, , , kind, folder = '.'] = process.argv;
const stores: Readonly<Record<string, () => Store | Promise<Store>>> = {
  memory: () => memoryStore(),
  sqlite: () => sqliteStore({ path: join(folder, 'heddle.db') }),
};
const store = await openStore();

const voices = new Map<string, Voice>();
const agent = defineAgent({
  open:
    ({ session }) =>
    () =>
      speak(findVoice(session)),
});
const server = createServer({ store, agent, keepaliveMs, onError: (error) => console.error(error) });
const { http } = await listen(server, { port: 0 });

await answerLines({ port: toPort(http.address()) }, async (message) => {
  switch (message['type']) {
    case 'prepare':
      return createSessions(Number(message['streams']));
    case 'remember':
      return remember(Number(message['stream']), Number(message['entries']));
    default: {
      const speech = toSpeech(message);
      return speech.by === 'agent' ? sayByAgents(speech) : sayByLog(speech);
    }
  }
});

async function openStore(): Promise<Store> {
  if (kind?.startsWith('redis:')) return redisStore(fromNodeRedis(createClient({ url: kind })));
  const opened = await stores[kind ?? 'memory']?.();
  if (opened === undefined) throw new TypeError(`There is no store ${kind}.`);
  return opened;
}

async function createSessions(streams: number): Promise<void> {
  const now = Date.now();
  const head = { owner: 'anonymous', kind: 'session', createdAt: now, activeAt: now, queue: [] } as const;
  for (let made = 0; made < streams; made += 500) {
    const batch = Array.from({ length: Math.min(500, streams - made) }, (_, index) => String(made + index));
    await Promise.all(
      batch.map((session) =>
        store.log.append(session, [{ type: 'session_start', session }], { head: { was: 0, now: head } }),
      ),
    );
  }
}

/** Sends a message to each session. The agent answers at the pace of the speech. */
async function sayByAgents(speech: SpokenLoad): Promise<void> {
  const sent = Array.from({ length: speech.streams }, (_, stream) => {
    findVoice(String(stream)).left = speech.count;
    return server.fetch(
      new Request(`http://localhost/message/${stream}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ content: 'Speak.' }),
      }),
    );
  });
  await Promise.all(sent);
  await pace(speech, (stream) => {
    const voice = findVoice(String(stream));
    voice.due += speech.burst;
    voice.wake();
  });
  while (server.load.sessions > 0) await delay(5);
}

async function* speak(voice: Voice): AsyncGenerator<AgentEvent, void, void> {
  while (voice.left > 0) {
    if (voice.due === 0) {
      await new Promise<void>((resolve) => {
        voice.wake = resolve;
      });
    }
    for (; voice.due > 0; voice.due -= 1) {
      voice.left -= 1;
      voice.said += 1;
      yield `${toMark(voice.said)} `;
    }
  }
}

/** Appends each burst at once, as another part of the program might do. */
async function sayByLog(speech: SpokenLoad): Promise<void> {
  const padding = ' '.repeat(speech.padding ?? 0);
  const appends: Promise<unknown>[] = [];
  await pace(speech, (stream) => appends.push(append(String(stream), speech.burst, padding)));
  await Promise.all(appends);
}

function append(session: string, count: number, padding: string): ReturnType<Store['log']['append']> {
  const voice = findVoice(session);
  const events = Array.from({ length: count }, (): SessionEvent => {
    voice.said += 1;
    return { type: 'content', turn: 't', part: 'p1', data: `${toMark(voice.said)} ${padding}` };
  });
  return store.log.append(session, events);
}

/** Appends entries to a session's log, one append for each, and returns the id of one near its end. */
async function remember(stream: number, entries: number): Promise<{ readonly after: string | undefined }> {
  let after: string | undefined;
  for (let made = 0; made < entries; made += 1000) {
    const batch = Array.from({ length: Math.min(1000, entries - made) }, () => append(String(stream), 1, ''));
    const results = await Promise.all(batch);
    const near = results.at(-10);
    after = near?.type === 'appended' ? near.entries[0]?.id : undefined;
  }
  return { after };
}

function findVoice(session: string): Voice {
  const voice = voices.get(session) ?? { said: 0, due: 0, left: 0, wake: () => {} };
  voices.set(session, voice);
  return voice;
}
