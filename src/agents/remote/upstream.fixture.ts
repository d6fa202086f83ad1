import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { AgentEvent, ApprovalAnswer, MessageState, Turn } from '../../protocol/index.ts';
import { remote } from './remote.ts';
import type { RemoteOptions } from './remote.ts';

/** One request that an upstream got. */
export interface GotRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface StartedUpstream {
  readonly url: string;
  readonly requests: readonly GotRequest[];
  readonly server: Server;
}

type Answer = (response: ServerResponse, request: GotRequest, count: number) => unknown;

/** Starts a server on a port of its own. It is closed after the test, with all its connections. */
export async function startUpstream(answer: Answer): Promise<StartedUpstream> {
  const requests: GotRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const got = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: body === '' ? undefined : (JSON.parse(body) as unknown),
      };
      requests.push(got);
      await answer(response, got, requests.length);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/agent`, requests, server };
}

/** Answers with a whole body of a content type. */
export function answerWith(type: string | undefined, ...pieces: readonly string[]): Answer {
  return (response) => {
    response.writeHead(200, type === undefined ? {} : { 'content-type': type });
    for (const piece of pieces) response.write(piece);
    response.end();
  };
}

/** Answers with server-sent events, each with its data as JSON. */
export function answerEvents(...events: readonly unknown[]): Answer {
  return answerWith(
    'text/event-stream',
    ...events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`),
  );
}

export interface RunRemote extends Partial<Omit<RemoteOptions, 'history'>> {
  readonly content?: string;
  readonly history?: readonly MessageState[];
  readonly snapshot?: unknown;
  readonly answers?: readonly ApprovalAnswer[];
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: AgentEvent) => void;
}

/** Runs a turn `t1` of a remote agent. Returns its events, what it saved, and the error that it threw. */
export async function runRemote(url: string, options: RunRemote = {}) {
  const { content = 'Hello', history = [], snapshot, answers, signal, onEvent, ...given } = options;
  const events: AgentEvent[] = [];
  let saved: unknown;
  const turn: Turn = {
    turn: 't1',
    attempt: 1,
    input: answers ? { type: 'answers', content, resumes: 't0', answers } : { type: 'message', content },
    signal: signal ?? new AbortController().signal,
    history: () => history,
    ...(snapshot !== undefined && { snapshot }),
    save: (value) => (saved = JSON.parse(JSON.stringify(value)) as unknown),
  };
  const agent = remote({ url, retryMs: 1, ...given });
  let error: unknown;
  try {
    for await (const event of agent.open({ session: 's', owner: 'ada' })(turn)) {
      events.push(event);
      onEvent?.(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { events, saved, error };
}

/** Returns the text that events say. */
export function textOfEvents(events: readonly AgentEvent[]): string {
  return events
    .map((event) => (typeof event === 'string' ? event : event.type === 'content' ? event.data : ''))
    .join('');
}
