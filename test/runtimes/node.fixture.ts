// Tests each door in Node and in runtimes that have its modules. Prints one line of JSON: for each door yes,
// or the error.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Agent as OpenaiAgent, Runner, RunState } from '@openai/agents';
import { Command, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { Agent } from '@strands-agents/sdk';
import { Redis } from 'ioredis';
import { createClient as createRedis } from 'redis';
import { mint } from '../../src/protocol/internal.ts';
import { defineAgent } from 'heddle';
import type { Agent as HeddleAgent } from 'heddle';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { openaiAgents } from 'heddle/agents/openai-agents';
import { langgraph } from 'heddle/agents/langgraph';
import { remote } from 'heddle/agents/remote';
import { acp } from 'heddle/agents/acp';
import { strands } from 'heddle/agents/strands';
import { subprocess } from 'heddle/agents/subprocess';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { httpFetch, listen } from 'heddle/node';
import { fromIoredis, fromNodeRedis, redisStore } from 'heddle/redis';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';
import { sqliteStore } from 'heddle/sqlite';
import { createFaultProxy } from 'heddle/testing';
import { scriptedAnswers } from '../../src/agents/openai-agents/scripted-answers.fixture.ts';
import { ScriptedChatModel } from '../../src/agents/langgraph/scripted-chat-model.fixture.ts';
import { ScriptedModel } from '../../src/agents/strands/scripted-model.fixture.ts';
import { anywhere, createEcho, meetContract, mustBe, talk } from './anywhere.fixture.ts';
import type { Doors } from './anywhere.fixture.ts';

/** The runtime's own server for a fetch handler. */
interface Native {
  readonly port?: number;
  readonly addr?: { readonly port: number };
  stop?(): unknown;
  shutdown?(): unknown;
}
declare const Bun: { serve(options: { readonly port: number; readonly fetch: Server['fetch'] }): Native };
declare const Deno: {
  serve(options: { readonly port: number; onListen(): void }, fetch: Server['fetch']): Native;
};

/** Several runtimes run at once. Their speed is not tested here. */
const patient = { commandMs: 60_000, connectMs: 60_000 };
const redisUrl = process.env['REDIS_URL'] ?? '';
const folder = mkdtempSync(join(process.env['FILES'] ?? '', 'heddle-doors-'));
let files = 0;

const doors: Doors = {
  ...anywhere,
  'heddle/sqlite': () =>
    meetContract((now) => sqliteStore({ path: join(folder, `${(files += 1)}.db`), ...(now && { now }) })),
  'heddle/redis': async () => {
    for (const toClient of [
      () => fromNodeRedis(createRedis({ url: redisUrl })),
      () => fromIoredis(new Redis(redisUrl, { lazyConnect: true })),
    ]) {
      await meetContract((now) =>
        redisStore(toClient(), { prefix: mint(8), ...patient, ...(now && { now }) }),
      );
    }
  },
  'heddle/server': async () => {
    await anywhere['heddle/server']?.();
    // Bun's server ends a connection after 10 s without a byte.
    if (typeof Bun !== 'undefined') await serveNatively((fetch) => Bun.serve({ port: 0, fetch }), 3);
    if (typeof Deno !== 'undefined')
      await serveNatively((fetch) => Deno.serve({ port: 0, onListen: () => {} }, fetch), 0);
  },
  'heddle/node': async () => {
    const server = createEcho();
    const listening = await listen(server, { port: 0 });
    const client = createClient({ url: listening.url });
    await talk(client);
    // Only Node's HTTP server lets go of the socket of a stream.
    const isNode = typeof Bun === 'undefined' && typeof Deno === 'undefined';
    const response = await fetch(`${listening.url}/stream/${(await client.create()).id}`);
    mustBe(response.headers.get('connection') === 'close', isNode);
    await response.body?.cancel();
    await listening.close(0);
  },
  'heddle/testing': async () => {
    const listening = await listen(createEcho(), { port: 0 });
    const proxy = await createFaultProxy({
      port: Number(new URL(listening.url).port),
      plan: (count) => (count < 3 ? { down: { cut: { atByte: 200 * count, how: 'rst' } } } : {}),
    });
    mustBe(await toEnd(proxy.port), 'ECONNRESET after 0 bytes');
    // Node 22.13 and 24.0 report a reset right after bytes as an end.
    mustBe((await toEnd(proxy.port)).endsWith('after 200 bytes'), true);
    await talk(createClient({ url: proxy.url }));
    mustBe(proxy.cuts, 3);
    await proxy.close();
    await listening.close(0);
  },
  'heddle/agents/strands': async () => {
    const agent = strands(
      () =>
        new Agent({
          model: new ScriptedModel([{ text: 'You said: ' }, { text: 'one two' }]),
          printer: false,
        }),
    );
    await talkWith(agent);
  },
  'heddle/agents/ai-sdk': async () => {
    // The package itself reads the name of the host, which Deno does not allow here.
    const say = async function* (): AsyncGenerator {
      for (const text of ['You said: ', 'one two']) yield { type: 'text-delta', text };
    };
    const stream = async () => ({ fullStream: say(), toUIMessageStream: () => {} });
    await talkWith(aiSdkAgent(() => ({ version: 'agent-v1', stream })));
  },
  'heddle/agents/openai-agents': async () => {
    const model = scriptedAnswers([[{ text: 'You said: ' }, { text: 'one two' }]]);
    const runner = new Runner({ tracingDisabled: true });
    await talkWith(openaiAgents(() => ({ agent: new OpenaiAgent({ name: 'A', model }), runner, RunState })));
  },
  'heddle/agents/langgraph': async () => {
    const model = new ScriptedChatModel([{ text: 'You said: one two' }]);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('say', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addEdge(START, 'say');
    await talkWith(
      langgraph(({ checkpointer }) => graph.compile({ checkpointer }), { Command, MemorySaver }),
    );
  },
  'heddle/agents/remote': async () => {
    const upstream = createHttpServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('You said: ');
      response.end('one two');
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const address = upstream.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await talkWith(remote({ url: `http://127.0.0.1:${port}/` }));
    await talkWith(remote({ url: `http://127.0.0.1:${port}/`, fetch: httpFetch }));
    upstream.close();
  },
  'heddle/agents/acp': async () => {
    const agent = acp({ command: 'sh', args: ['-c', shellCoder], cwd: '.', log: () => {} });
    await agent.start?.();
    await talkWith(agent);
    await agent.close?.();
  },
  'heddle/agents/subprocess': async () => {
    const agent = subprocess({ command: 'sh', args: ['-c', shellAgent] });
    await agent.start?.();
    await talkWith(agent);
  },
};

/** An agent in the shell that says the same to each start line. */
const shellAgent = `echo '{"type":"ready","version":1}'
  while read -r line; do
    turn=$(printf %s "$line" | sed 's/^{"type":"start","version":1,"turn":"\\([^"]*\\)".*/\\1/')
    printf '{"type":"content","turn":"%s","data":"%s"}\n' "$turn" 'You said: ' "$turn" 'one two'
    printf '{"type":"end","turn":"%s"}\n' "$turn"
  done`;

/** The same, by the Agent Client Protocol. */
const shellCoder = `say() {
    printf '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":'
    printf '{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"%s"}}}}\n' "$1"
  }
  while read -r line; do
    id=$(printf %s "$line" | sed 's/^{"jsonrpc":"2.0","id":\\([0-9]*\\),.*/\\1/')
    case "$line" in
      *'"method":"initialize"'*) result='{"protocolVersion":1}' ;;
      *'"method":"session/new"'*) result='{"sessionId":"s"}' ;;
      *) say 'You said: '; say 'one two'; result='{"stopReason":"end_turn"}' ;;
    esac
    printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
  done`;

async function talkWith(agent: HeddleAgent): Promise<void> {
  const server = createServer({ agent, store: memoryStore(), authenticate: () => ({ owner: 'ada' }) });
  const listening = await listen(server, { port: 0 });
  await talk(createClient({ url: listening.url }));
  await listening.close(0);
}

/** Sends a request, and returns how the connection ends. */
function toEnd(port: number): Promise<string> {
  return new Promise((resolve) => {
    let bytes = 0;
    let how = 'a clean end';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'),
    );
    socket.on('data', (chunk) => (bytes += chunk.byteLength));
    socket.on('error', (error) => (how = String(Reflect.get(error, 'code'))));
    socket.on('close', () => resolve(`${how} after ${bytes} bytes`));
  });
}

/**
 * Serves with the runtime's own server, which may end silent connections. Streams and long polls must outlive
 * that.
 */
async function serveNatively(serve: (fetch: Server['fetch']) => Native, silences: number): Promise<void> {
  const { promise: told, resolve: tell } = Promise.withResolvers<string>();
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'You said: ';
        yield await told;
      },
  });
  const server = createServer({ agent, store: memoryStore(), authenticate: () => ({ owner: 'ada' }) });
  const native = serve(server.fetch);
  const url = `http://127.0.0.1:${native.port ?? native.addr?.port}`;
  const client = createClient({ url });
  const session = await client.create();
  const { id } = await session.send('one two');
  const response = await fetch(`${url}/stream/${session.id}?after=${id}`);
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.split(': keepalive').length > silences) tell('one two');
    if (text.includes('message_end')) break;
  }
  mustBe(text.includes('one two'), true);
  const last = /[\s\S]*id: (\S+)/.exec(text)?.[1] ?? '';
  const polled = await fetch(`${url}/events/${session.id}?after=${last}&wait=${silences > 0 ? 25 : 0}`);
  mustBe(`${polled.status} ${await polled.text()}`, '200 {"entries":[]}');
  await (native.stop ?? native.shutdown)?.call(native);
  await server.close(0);
}

// Tests one door after another. The slowest one runs beside them.
const { 'heddle/server': slowest, ...others } = doors;
const attempt = (run?: () => Promise<void>): Promise<string> =>
  run?.().then(() => 'yes', String) ?? Promise.resolve('no');
const served = attempt(slowest);
const results: Record<string, string> = {};
for (const [name, run] of Object.entries(others)) results[name] = await attempt(run);
results['heddle/server'] = await served;
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify(results)}\n`);
process.exit();
