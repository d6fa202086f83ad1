import { memoryStore } from '../log/index.ts';
import { defineAgent } from '../protocol/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import { parse } from '../wire/index.ts';
import type { Frame } from '../wire/index.ts';
import { createServer } from './index.ts';
import type { Server, ServerOptions } from './index.ts';

export type Generator = (turn: Turn) => AsyncIterable<AgentEvent>;

/** Creates a server over a memory store. Its agent is a generator function. */
export function createTestServer(answer: Generator, options: Partial<ServerOptions> = {}): Server {
  const agent = defineAgent({ open: () => answer });
  const quiet = { onError: () => {}, onWarning: () => {} };
  return createServer({ agent, store: memoryStore(), gatherMs: 0, dueMs: 20, ...quiet, ...options });
}

/** Sends a request to a server without a socket. */
export function ask(
  server: Server,
  method: string,
  path: string,
  init: RequestInit & { json?: unknown } = {},
): Promise<Response> {
  const { json, ...rest } = init;
  const headers = new Headers(rest.headers);
  if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const body = json === undefined ? rest.body : JSON.stringify(json);
  return server.fetch(
    new Request(`http://localhost${path}`, { ...rest, method, headers, ...(body != null && { body }) }),
  );
}

/** Reads frames until one satisfies `last` or the body ends, then closes the stream. */
export async function readFrames(
  response: Response,
  last: (frame: Frame) => boolean = () => false,
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  if (response.body === null) return frames;
  for await (const frame of parse(response.body)) {
    frames.push(frame);
    if (last(frame)) break;
  }
  return frames;
}

/** Returns a field of a JSON response. */
export async function field(response: Response, name: string): Promise<string> {
  const body: unknown = await response.json();
  return String(Reflect.get(Object(body), name));
}
