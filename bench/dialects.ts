// `npm run bench:dialects -- [--tokens 5000] [--rounds 5] [--write]` measures what a dialect costs beside `typed`:
// tokens per second of CPU, of the whole path from the agent to a sink, in one process and without sockets. The
// dialects take turns. `--write` replaces the table in docs/performance.md.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { agUi, aiSdk } from '../src/dialects/index.ts';
import { memoryStore } from '../src/log/index.ts';
import { createServer } from '../src/server/index.ts';
import type { Reply, Server, ServerRequest, StreamReply } from '../src/server/index.ts';
import { writeTable } from '../scripts/write-table.ts';
import { median } from './wire/measure.ts';

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
});
const tokens = Number(values.tokens);

/**
 * The requests of one dialect. `send` sends the message, and most dialects answer it with the first stream.
 * `read` opens a further stream.
 */
interface Contestant {
  readonly name: string;
  readonly create?: Asked;
  readonly send: Asked;
  readonly read: Asked;
}

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

const user = { id: 'm1', role: 'user' } as const;
const contestants: readonly Contestant[] = [
  {
    name: 'typed',
    create: { method: 'POST', path: '/session' },
    send: { method: 'POST', path: '/message/:session', body: { content: 'go' } },
    read: { method: 'GET', path: '/stream/:session' },
  },
  {
    name: 'aiSdk',
    send: {
      method: 'POST',
      path: '/ai',
      body: { id: 't', messages: [{ ...user, parts: [{ type: 'text', text: 'go' }] }] },
    },
    read: { method: 'GET', path: '/ai/t/stream' },
  },
  {
    name: 'agUi',
    send: {
      method: 'POST',
      path: '/agui',
      body: {
        threadId: 't',
        runId: 'r',
        messages: [{ ...user, content: 'go' }],
        tools: [],
        context: [],
        state: {},
      },
    },
    read: { method: 'POST', path: '/agui/connect', body: { threadId: 't', runId: 'r2', messages: [] } },
  },
];

/** Runs one answer with a number of readers. Resolves with tokens per second of CPU, over all readers. */
async function measure({ create, send, read }: Contestant, readers: number): Promise<number> {
  const isRead = Promise.withResolvers<void>();
  const server = createServer({
    agent: async function* () {
      await isRead.promise;
      for (let token = 0; token < tokens; token += 1) {
        yield ` token ${token}`;
        // Each token is an entry of its own, as it is with a model that takes its time.
        await new Promise(setImmediate);
      }
    },
    store: memoryStore(),
    gatherMs: 0,
    dialects: [aiSdk(), agUi()],
    maxAgeMs: Infinity,
  });
  const session = create && (await askWhole(server, create))['session_id'];
  const toPath = ({ path }: Asked): string => path.replace(':session', String(session));
  const first = await ask(server, { ...send, path: toPath(send) });
  const next = (): Promise<Reply> => ask(server, { ...read, path: toPath(read) });
  // All readers of a channel get a piece in one step, so the first one stands for all.
  const isOver = watch(first.type === 'stream' ? first : await next());
  for (let reader = 1; reader < readers; reader += 1) open(await next(), sink);
  const before = process.cpuUsage();
  isRead.resolve();
  await isOver;
  const { user: inUser, system } = process.cpuUsage(before);
  await server.close(0);
  return (tokens * readers) / ((inUser + system) / 1e6);
}

async function ask(server: Server, { method, path, body }: Asked): Promise<Reply> {
  const url = new URL(path, 'http://localhost');
  const sent: Readonly<Record<string, string>> = { host: 'localhost', 'content-type': 'application/json' };
  const request: ServerRequest = {
    method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => sent[name],
    body: () => Promise.resolve(new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))),
  };
  return server.handle(request);
}

async function askWhole(server: Server, asked: Asked): Promise<Readonly<Record<string, unknown>>> {
  const reply = await ask(server, asked);
  return Object(reply.type === 'whole' ? JSON.parse(String(reply.body)) : undefined);
}

/** Opens a stream on a sink that takes all. Resolves at the end of the answer. */
function watch(reply: Reply): Promise<void> {
  return new Promise((resolve) => {
    open(reply, {
      ...sink,
      // A stream of a session has no end of its own.
      write: (text) => (text.includes('"message_end"') ? resolve() : undefined),
      close: () => resolve(),
    });
  });
}

function open(reply: Reply, on: Parameters<StreamReply['open']>[0]): void {
  if (reply.type !== 'stream')
    throw new Error(`There is no stream, but ${reply.status} ${String(reply.body)}`);
  reply.open(on);
}

const sink = { write: () => undefined, held: 0, drained: () => undefined, close: () => undefined };

const sizes = [1, 1_000] as const;
const figures = new Map<string, number[]>();
for (const readers of sizes)
  for (let round = -1; round < Number(values.rounds); round += 1)
    for (const each of contestants) {
      const figure = await measure(each, readers);
      const name = `${each.name} ${readers}`;
      // The first round is not counted: it compiles the code.
      if (round >= 0) figures.set(name, [...(figures.get(name) ?? []), figure]);
    }

function toCell(name: string, readers: number): string {
  const own = median(figures.get(`${name} ${readers}`) ?? []);
  const typed = median(figures.get(`typed ${readers}`) ?? []);
  return `${Math.round(own).toLocaleString('en')} (${(own / typed).toFixed(2)})`;
}

const [cpu] = cpus();
const text = [
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of ${cpu?.model ?? 'an unknown CPU'}: medians of ${values.rounds} rounds in turns,`,
  `${tokens.toLocaleString('en')} tokens a round. In brackets: × \`typed\`.`,
  '',
  '| dialect | tokens a CPU-second, one reader | 1,000 readers of one answer |',
  '|---|---|---|',
  ...contestants.map(
    ({ name }) => `| \`${name}\` | ${sizes.map((readers) => toCell(name, readers)).join(' | ')} |`,
  ),
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:dialects', text);
