import { defineAgent } from 'heddle';
import { a2a } from 'heddle/dialects';
import type { A2aOptions } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import type { Server, ServerOptions } from 'heddle/server';
import { afterEach } from 'vitest';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

export function serve(options: A2aOptions = {}, more: Partial<ServerOptions> = {}): Server {
  const agent = defineAgent({
    open: () =>
      async function* ({ input, turn, signal }) {
        const pay = { call: 'pay', tool: 'pay', input: { sum: 5 } };
        if (input.type === 'answers' && input.answers[0]?.decision === 'pay') {
          yield { type: 'tool_use', ...pay };
          yield { type: 'tool_result', call: 'pay', output: 'paid' };
          return;
        }
        if (input.type === 'answers') {
          yield `You decided ${JSON.stringify(input.answers.map(({ decision }) => decision))}.`;
          return;
        }
        const { content } = input;
        if (content === 'ask' || content === 'ask twice') {
          yield { type: 'approval_request', approval: `${turn}-1`, reason: 'Which?' };
          if (content === 'ask twice')
            yield { type: 'approval_request', approval: `${turn}-2`, reason: null };
          return;
        }
        if (content === 'pay') {
          yield { type: 'tool_use', ...pay };
          yield { type: 'approval_request', approval: turn, reason: 'It costs 5.', call: 'pay' };
          return;
        }
        if (content === 'fail') throw new Error('secret');
        yield `You said ${JSON.stringify(content)}`;
        if (content === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
  });
  const server = createServer({
    agent,
    store: memoryStore(),
    dialects: [a2a(options)],
    authenticate: (request) => request.header('x-user'),
    gatherMs: 0,
    cancelMs: 50,
    onError: () => {},
    onWarning: () => {},
    ...more,
  });
  servers.push(server);
  return server;
}

/** The fields that the tests look at. Each answer has some of them. */
export interface ToldTask {
  readonly id: string;
  readonly contextId: string;
  readonly status: {
    readonly state: string;
    readonly timestamp: string;
    readonly message: { readonly parts: readonly { readonly data: { readonly approval: string } }[] };
  };
  readonly artifacts: readonly { readonly parts: readonly { readonly text: string }[] }[];
  readonly history?: readonly { readonly parts: readonly { readonly text: string }[] }[];
}

interface ToldError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly data: readonly { readonly '@type': string; readonly reason: string }[];
  readonly details: ToldError['data'];
}

export interface Told extends ToldTask {
  readonly url: string;
  readonly error: ToldError;
  readonly task: ToldTask;
  readonly result: ToldTask & { readonly task: ToldTask };
  readonly tasks: readonly ToldTask[];
  readonly nextPageToken: string;
}

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly json: Told;
  /** The data of each frame of a stream. */
  readonly frames: readonly Told[];
  readonly headers: Headers;
}

interface Asked {
  readonly body?: unknown;
  readonly user?: string | null;
  readonly version?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function ask(
  server: Server,
  place: string,
  { body, user = 'ada', version = '1.0', headers = {} }: Asked = {},
): Promise<Answered> {
  const [method = '', path = ''] = place.split(' ');
  const response = await server.fetch(
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        ...(user !== null && { 'x-user': user }),
        ...(version !== null && { 'a2a-version': version }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const frames = isStream
    ? [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Told)
    : [];
  const json = JSON.parse(isStream || text === '' ? '{}' : text) as Told;
  return { status: response.status, text, json, frames, headers: response.headers };
}

export const call = (server: Server, method: string, params?: unknown, asked: Asked = {}) =>
  ask(server, 'POST /a2a', { body: { jsonrpc: '2.0', id: 7, method, params }, ...asked });

let count = 0;
export const say = (text: string, more: object = {}) => ({
  messageId: `m-${(count += 1)}`,
  role: 'ROLE_USER',
  parts: [{ text }],
  ...more,
});
export const sayOlder = (text: string, more: object = {}) => ({
  ...say(text),
  kind: 'message',
  role: 'user',
  parts: [{ kind: 'text', text }],
  ...more,
});

/** Sends a message and returns its task. */
export async function send(
  server: Server,
  text: string,
  more: object = {},
  asked?: Asked,
): Promise<ToldTask> {
  const { json } = await call(server, 'SendMessage', { message: say(text, more) }, asked);
  return json.result.task;
}

export const missing = `${'s'.repeat(22)}.${'m'.repeat(16)}`;
