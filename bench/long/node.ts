// A server over a store, which also fills its sessions: `node.ts memory`, `node.ts sqlite <file>` or
// `node.ts redis <url>`. It reports how long its event loop was blocked.
import { defineAgent } from 'heddle';
import type { AgentEvent, Turn } from 'heddle';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { answerLines } from '../delivery/answer-lines.ts';
import { toPort } from '../delivery/servers/listen.ts';
import { fillSession } from './fill.ts';
import { openBenchStore } from './bench-store.ts';
import { watchLoop } from './watch-loop.ts';

const [, , kind = '', place = ''] = process.argv;
const store = await openBenchStore(kind, place);
const agent = defineAgent({
  history: 20,
  open: () =>
    async function* ({ history }: Turn): AsyncIterable<AgentEvent> {
      yield `I know ${history().length} messages.`;
    },
});
const server = createServer({ store, agent, onError: (error) => console.error(error) });
const { http } = await listen(server, { port: 0 });
const loop = watchLoop();

await answerLines({ port: toPort(http.address()) }, async (message) => {
  switch (message['type']) {
    case 'fill':
      await fillSession(store.log, String(message['session']), Number(message['messages']));
      return {};
    case 'reset':
      loop.reset();
      return {};
    default:
      return { heldMs: loop.heldMs() };
  }
});
