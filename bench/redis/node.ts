// A node whose agents speak on command: `node.ts <url of the Redis>`.
import { isRecord } from '../../src/protocol/internal.ts';
import { defineAgent, headers, toText } from 'heddle';
import type { AgentEvent, Turn } from 'heddle';
import { listen } from 'heddle/node';
import { fromNodeRedis, redisStore } from 'heddle/redis';
import { createServer } from 'heddle/server';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { answerLines } from '../delivery/answer-lines.ts';
import { toPort } from '../delivery/servers/listen.ts';
import { toMark } from '../delivery/mark.ts';

/** How many sessions are created, or receive a message, at the same time. */
const width = 32;

const [, , url = ''] = process.argv;
const store = await redisStore(fromNodeRedis(createClient({ url })), { onWarning: () => {} });
/** The sessions whose turn has begun. */
const waiting = new Set<string>();
let gate = Promise.withResolvers<void>();
let said = 0;
const agent = defineAgent({
  open: ({ session }) => {
    waiting.add(session);
    return speak;
  },
});
const server = createServer({ store, agent, onError: (error) => console.error(error) });
const { http } = await listen(server, { port: 0 });

await answerLines({ port: toPort(http.address()) }, async (message) => {
  const [from, until] = [Number(message['from']), Number(message['until'])];
  switch (message['type']) {
    case 'create':
      return each(from, until, create);
    case 'send':
      return each(from, until, (session) =>
        send(session, String(message['key']), JSON.stringify(message['speech'])),
      );
    case 'go':
      waiting.clear();
      gate.resolve();
      gate = Promise.withResolvers();
      return {};
    default: {
      const { sent, hints, foundLate } = store.counts();
      const { sessions } = server.counts();
      return { sent: Object.fromEntries(sent), hints, foundLate, sessions, waiting: waiting.size, said };
    }
  }
});

async function each(from: number, until: number, work: (session: string) => Promise<unknown>): Promise<void> {
  for (let at = from; at < until; at += width) {
    const names = Array.from({ length: Math.min(width, until - at) }, (_, index) => String(at + index));
    await Promise.all(names.map(work));
  }
}

function create(session: string): Promise<unknown> {
  const now = Date.now();
  const head = { owner: 'anonymous', kind: 'session', createdAt: now, activeAt: now, queue: [] } as const;
  return store.log.append(session, [{ type: 'session_start', session }], { head: { was: 0, now: head } });
}

/** Sends a message until it is accepted. On a busy machine a command may time out now and then. */
async function send(session: string, key: string, content: string): Promise<void> {
  for (;;) {
    const answer = await server.fetch(
      new Request(`http://localhost/message/${session}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [headers.idempotencyKey]: key },
        body: JSON.stringify({ content }),
      }),
    );
    if (answer.status === 202) return;
    await delay(100);
  }
}

/** Waits until all turns have begun, and then yields each token when it is due. */
async function* speak({ input }: Turn): AsyncGenerator<AgentEvent, void, void> {
  const speech: unknown = JSON.parse(toText(input.content));
  if (!isRecord(speech)) throw new TypeError('That is no speech.');
  const [before, count, everyMs] = ['before', 'count', 'everyMs'].map((name) => Number(speech[name]));
  await gate.promise;
  let next = performance.now() + Math.random() * (everyMs ?? 0);
  for (let place = 1; place <= (count ?? 0); place += 1, next += everyMs ?? 0) {
    const wait = next - performance.now();
    if (wait > 0) await delay(wait);
    said += 1;
    yield `${toMark((before ?? 0) + place)} `;
  }
}
