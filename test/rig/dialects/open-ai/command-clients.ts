// Clients without a package: curl, and Python's standard library.
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { DialectOracle } from 'heddle/testing';
import { createChatOracle } from './chat-page.ts';
import type { ChatClient, ChatDelta } from './chat-page.ts';
import type { OpenAiRequest, OpenAiRequests } from './command-requests.ts';
import { curlRequests } from './curl-requests.ts';
import { createPythonRequests } from './python-requests.ts';
import { createResponseOracle } from './response-page.ts';
import type { ResponsesClient } from './response-page.ts';

type Place = Parameters<DialectOracle['open']>[0];
type Target = Pick<Place, 'url' | 'owner'>;

function toRequest({ url, owner }: Target, path: string, body?: object, more: object = {}): OpenAiRequest {
  return {
    method: body === undefined ? 'GET' : 'POST',
    url: `${url}/v1/${path}`,
    headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json', ...more },
    ...(body && { body: JSON.stringify(body) }),
  };
}

interface Chunk {
  readonly error?: { readonly message: string };
  readonly choices: readonly {
    readonly delta: { readonly content?: string; readonly reasoning_content?: string };
    readonly finish_reason: string | null;
  }[];
}

async function* readEvents(values: AsyncIterable<unknown>): AsyncGenerator<ResponseStreamEvent> {
  for await (const value of values as AsyncIterable<ResponseStreamEvent>) {
    if (value.type === 'error') throw new Error(value.message);
    yield value;
  }
}

function openResponses(requests: OpenAiRequests, target: Target): ResponsesClient {
  const whole = async (path: string, body?: object): Promise<Response> => {
    for await (const value of requests.run(toRequest(target, path, body))) return value as Response;
    throw new Error('There is no body.');
  };
  return {
    create: (body, key) => {
      const streamed = { ...body, stream: true };
      return readEvents(requests.run(toRequest(target, 'responses', streamed, { 'idempotency-key': key })));
    },
    follow: (id, after) => {
      const place = after === undefined ? '' : `&starting_after=${after}`;
      return readEvents(requests.run(toRequest(target, `responses/${id}?stream=true${place}`)));
    },
    retrieve: (id) => whole(`responses/${id}`),
    cancel: (id) => whole(`responses/${id}/cancel`, {}),
    close: () => requests.close(),
  };
}

function openChat(requests: OpenAiRequests, place: Place): ChatClient {
  return {
    async *send(text, onSession): AsyncGenerator<ChatDelta> {
      const body = { messages: [{ role: 'user', content: text }], stream: true };
      const request = toRequest(place, 'chat/completions', body, { 'heddle-thread': place.thread });
      for await (const value of requests.run(request, onSession)) {
        const { error, choices } = value as Chunk;
        if (error) throw new Error(error.message);
        for (const { delta, finish_reason: finish } of choices)
          yield { content: delta.content, reasoning: delta.reasoning_content, finish };
      }
    },
    close: () => requests.close(),
  };
}

const programs: Readonly<Record<string, () => OpenAiRequests | Promise<OpenAiRequests>>> = {
  curl: () => curlRequests,
  "Python's standard library": createPythonRequests,
};

/** The clients of Responses and of Chat Completions without a package. */
export const commandClients: readonly DialectOracle[] = Object.entries(programs).flatMap(([name, start]) => [
  createResponseOracle({
    name: `${name}, responses`,
    open: async (target) => openResponses(await start(), target),
    goesOn: true,
  }),
  createChatOracle(`${name}, chat/completions`, async (place) => openChat(await start(), place)),
]);
