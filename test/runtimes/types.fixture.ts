/** A user's program: it imports every door by its name, and uses the common parts of each. */
export const consumer = `
import { AgentError, defineAgent, emptyState, fold, isContent, toText } from 'heddle';
import type { AgentEvent, Entry, SessionState } from 'heddle';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import type { AiSdkAgentLike } from 'heddle/agents/ai-sdk';
import { openaiAgents } from 'heddle/agents/openai-agents';
import type { OpenaiRun } from 'heddle/agents/openai-agents';
import { langgraph } from 'heddle/agents/langgraph';
import type { GraphLike } from 'heddle/agents/langgraph';
import { remote } from 'heddle/agents/remote';
import { strands } from 'heddle/agents/strands';
import type { StrandsAgentLike } from 'heddle/agents/strands';
import { createChatTransport } from 'heddle/ai-sdk';
import type { ChatTransport } from 'heddle/ai-sdk';
import { acp } from 'heddle/agents/acp';
import { subprocess } from 'heddle/agents/subprocess';
import { apiKeys, bearerJwt, cookieSession, firstOf } from 'heddle/auth';
import { createClient, createConversation, createEventStream } from 'heddle/client';
import type { FetchLike } from 'heddle/client';
import { aiSdk, named, typed } from 'heddle/dialects';
import { follow, memoryStore } from 'heddle/log';
import type { Store } from 'heddle/log';
import { httpFetch, listen, pageFiles, toListener } from 'heddle/node';
import { useSession } from 'heddle/react';
import type { SessionView } from 'heddle/react';
import { redisStore } from 'heddle/redis';
import type { RedisClient } from 'heddle/redis';
import { createServer } from 'heddle/server';
import type { Authenticate, Reply, Server, ServerOptions } from 'heddle/server';
import { sqliteStore } from 'heddle/sqlite';
import { storeContract } from 'heddle/store';
import { check, createFaultProxy } from 'heddle/testing';
import { createParserStream, encode, parse } from 'heddle/wire';

const agent = defineAgent({
  open: () =>
    async function* ({ input, signal }): AsyncGenerator<AgentEvent> {
      if (signal.aborted) throw new AgentError('provider', 'stopped');
      yield input.type === 'message' && isContent(input.content) ? toText(input.content) : '';
    },
});

export const elsewhere = [remote({ url: 'http://a/', fetch: httpFetch }), remote({ url: 'http://a/', fetch })];

export const page: Reply = { type: 'whole', status: 200, headers: {}, body: new Uint8Array(1) };
export const text: Reply = { type: 'whole', status: 200, headers: {}, body: 'text' };
const bytes = new TextEncoder().encode('bytes');
export const encoded: Reply = { type: 'whole', status: 200, headers: {}, body: bytes };

export async function serve(client: RedisClient, store: Store): Promise<Server> {
  const authenticate: Authenticate = firstOf(
    apiKeys({ ada: '00' }),
    await bearerJwt({ issuer: 'i', audience: 'a', jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] } }),
    () => ({ owner: 'ada', admin: true }),
  );
  const options: ServerOptions = { agent, store: await sqliteStore({ path: 'x' }), authenticate, page: pageFiles('page') };
  const server = createServer({ ...options, store: await redisStore(client) });
  createServer({ agent, store: memoryStore(), keepaliveMs: 5_000, dialects: [aiSdk({ version: 7 })] });
  const { url } = await listen(server, { port: 0 });
  const response: Response = await server.fetch(new Request(url, { method: 'POST', body: '{}' }));
  if (response.body) for await (const frame of parse(response.body)) frame.data.toUpperCase();
  for await (const got of follow(store.log, 's', { signal: AbortSignal.timeout(1) })) got.type.toUpperCase();
  toListener(server);
  return server;
}

export function state(entries: readonly Entry[]): SessionState {
  return entries.reduce(fold, emptyState('s'));
}

export async function talk(): Promise<string> {
  const fetchLike: FetchLike = (url, init) => fetch(url, init);
  const client = createClient({ url: 'http://127.0.0.1', fetch, headers: async () => ({ authorization: 'Bearer x' }) });
  createClient({ fetch: fetchLike });
  const session = await client.create({ metadata: { a: 1 }, signal: AbortSignal.timeout(1) });
  createConversation(session).subscribe(() => {});
  for await (const { event, id } of session.events({ after: '1-abcdef' })) {
    if (event.type === 'content') return event.data + id;
    if (event.type === 'tool_use') return event.tool;
  }
  for await (const { data } of createEventStream('http://127.0.0.1/stream', { fetch })) return data;
  return encode({ data: typed.name + named.name });
}

export function Chat(): string {
  const view: SessionView = useSession('http://127.0.0.1');
  return view.messages.map((message) => (message.role === 'user' ? toText(message.content) : message.turn)).join();
}

export const transport: ChatTransport = createChatTransport({ api: 'http://127.0.0.1/ai', fetch });
export const made = [
  openaiAgents((): OpenaiRun => { throw new Error(); }),
  strands((): StrandsAgentLike => { throw new Error(); }),
  aiSdkAgent((): AiSdkAgentLike => { throw new Error(); }),
  (graph: GraphLike, classes: Parameters<typeof langgraph>[1]) => langgraph(() => graph, classes),
  subprocess({ command: 'python3', args: ['agent.py'], workers: 2, log: (line) => line.trim() }),
  acp({ command: 'gemini', args: ['--acp'], cwd: ({ owner }) => owner }),
  cookieSession,
  check,
  createFaultProxy,
  storeContract,
  createParserStream(),
];
`;

/**
 * A program without Node's types. It imports all doors except agents/acp, agents/subprocess, node,
 * sqlite, store and testing.
 */
export const browserConsumer = `
import { emptyState, fold } from 'heddle';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { openaiAgents } from 'heddle/agents/openai-agents';
import { langgraph } from 'heddle/agents/langgraph';
import { remote } from 'heddle/agents/remote';
import { strands } from 'heddle/agents/strands';
import { createChatTransport } from 'heddle/ai-sdk';
import { apiKeys, bearerJwt } from 'heddle/auth';
import { ClientError, createClient, createConversation, createEventStream } from 'heddle/client';
import { typed } from 'heddle/dialects';
import { follow, memoryStore } from 'heddle/log';
import { useSession } from 'heddle/react';
import { redisStore } from 'heddle/redis';
import { createServer } from 'heddle/server';
import { createParserStream, encode, parse } from 'heddle/wire';

export async function read(jwk: JsonWebKey): Promise<void> {
  const { body } = await fetch('/stream');
  if (body) for await (const { data } of parse(body)) data.toUpperCase();
  body?.pipeThrough(createParserStream());
  createConversation(createClient({ fetch, shared: true }).session('s')).close();
  for await (const { data } of createEventStream('/stream', { fetch, headers: { a: 'b' } })) data.toUpperCase();
  await bearerJwt({ issuer: 'i', audience: 'a', jwks: { keys: [jwk] } });
  const server = createServer({ agent: { open: () => async function* () { yield 'hello'; } }, store: memoryStore() });
  await server.fetch(new Request('/'));
}
export const elsewhere = remote({ url: 'http://a/', fetch });
export const Chat = () => useSession('/').messages.length;
export const made = [ClientError, aiSdkAgent, createChatTransport({ fetch }), apiKeys, emptyState, encode, fold, follow, langgraph, redisStore, strands, typed];
`;

/**
 * A program with the packages whose clients, keys, agents and requests Heddle accepts. These packages have
 * types of their own.
 */
export const withPeers = `
import { Agent as OpenaiAgent, Runner, RunState } from '@openai/agents';
import { Agent } from '@strands-agents/sdk';
import { ToolLoopAgent } from 'ai';
import express from 'express';
import { Redis } from 'ioredis';
import type { JWK } from 'jose';
import { createClient } from 'redis';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { openaiAgents } from 'heddle/agents/openai-agents';
import { strands } from 'heddle/agents/strands';
import { bearerJwt } from 'heddle/auth';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { fromIoredis, fromNodeRedis, redisStore } from 'heddle/redis';
import { createServer } from 'heddle/server';

export const stores = [
  redisStore(fromNodeRedis(createClient())),
  redisStore(fromIoredis(new Redis({ lazyConnect: true }))),
];
export const keys = (jwk: JWK) => bearerJwt({ issuer: 'i', audience: 'a', jwks: { keys: [jwk] } });
const server = createServer({ agent: strands(() => new Agent({ printer: false })), store: memoryStore() });
export const withRunner = openaiAgents(() => new OpenaiAgent({ name: 'A' }), { runner: new Runner(), RunState });
express().use('/agents', toListener(server));
export const loop = aiSdkAgent(() => new ToolLoopAgent({ model: 'any' }));
`;
