// The scripted agent behind a URL, in a process of its own: `node test/rig/scripted-upstream-main.ts --effects FILE`.
// It answers with Heddle's lines, and writes its process id to `FILE.pid`.
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createScriptedAgent } from './scripted-agent.ts';

const { values } = parseArgs({
  options: {
    effects: { type: 'string', default: '/dev/null' },
    port: { type: 'string', default: '0' },
    /** Milliseconds between two words. */
    pace: { type: 'string', default: '5' },
  },
});

const { open } = createScriptedAgent({
  pause: ({ signal }) => delay(Number(values.pace), undefined, { signal }).catch(() => {}),
  effect: ({ turn, attempt }) => appendFileSync(values.effects, `${turn} ${attempt}\n`),
});

interface StartBody {
  readonly turn: string;
  readonly attempt: number;
  readonly prompt: string;
}

const server = createServer((request, response) => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const answer = async (): Promise<void> => {
    const { turn, attempt, prompt }: StartBody = Object(await json(request));
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const events = open({ session: 's', owner: 'o' })({
      turn,
      attempt,
      input: { type: 'message', content: prompt },
      signal: gone.signal,
      history: () => [],
      save: () => {},
    });
    for await (const event of events) response.write(`${JSON.stringify(event)}\n`);
    response.end('{"type":"end"}\n');
  };
  // An agent that throws ends its answer without its end mark.
  answer().catch(() => response.destroy());
});
server.listen(Number(values.port), '127.0.0.1', () => {
  writeFileSync(`${values.effects}.pid`, String(process.pid));
  const address = server.address();
  process.stdout.write(`serving on http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`);
});
