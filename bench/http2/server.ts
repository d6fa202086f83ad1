// Heddle with one session: `server.ts [<certificate> <key>]`, both files of PEM. With them it has TLS.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { answerLines } from '../delivery/answer-lines.ts';

const [, , cert, key] = process.argv;
const store = memoryStore();
const server = createServer({
  store,
  agent: async function* () {},
  keepaliveMs: Infinity,
  maxAgeMs: Infinity,
});
const tls = cert && key ? { cert: readFileSync(cert), key: readFileSync(key) } : undefined;
const { url } = await listen(server, { port: 0, ...(tls && { tls }) });
const made = await server.fetch(new Request('http://localhost/session', { method: 'POST' }));
const { session_id: session } = Object(await made.json());

await answerLines({ url, session }, async ({ type, count, gapMs }) => {
  if (type === 'streams') return { streams: server.load.streams };
  // Each event is an append of its own, as it is with a model that takes its time.
  for (let said = 0; said < Number(count); said += 1) {
    await store.log.append(session, [{ type: 'content', turn: 't', part: 'p1', data: ` token ${said}` }]);
    await delay(Number(gapMs));
  }
  return {};
});
