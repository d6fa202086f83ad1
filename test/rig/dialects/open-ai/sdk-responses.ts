import OpenAI from 'openai';
import OpenAi6 from 'openai6';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { DialectOracle } from 'heddle/testing';
import { createResponseOracle } from './response-page.ts';
import type { CreateBody, ResponsesClient } from './response-page.ts';

/** The package in both versions. Their types differ where it does not matter here. */
export const openAiPackages = { '7.59.0': OpenAI, '6.49.0': OpenAi6 as unknown as typeof OpenAI } as const;

/** Creates the package's client. It repeats no request by itself, so that each cut is seen. */
export function createOpenAi(Package: typeof OpenAI, url: string, owner: string): OpenAI {
  return new Package({ baseURL: `${url}/v1`, apiKey: owner, maxRetries: 0, logLevel: 'off' });
}

/** `responses.create({ stream: true })`, read on by `starting_after`. */
function openPlain(client: OpenAI): ResponsesClient {
  return {
    create: (body, key) =>
      streamOf(client.responses.create({ ...toParams(body), stream: true }, toOptions(key))),
    follow: (id, after) =>
      streamOf(
        client.responses.retrieve(id, {
          stream: true,
          ...(after !== undefined && { starting_after: after }),
        }),
      ),
    retrieve: (id) => client.responses.retrieve(id),
    cancel: (id) => client.responses.cancel(id),
  };
}

/** `responses.stream()`, which checks that each event fits those before it. */
function openHelper(client: OpenAI): ResponsesClient {
  return {
    ...openPlain(client),
    create: (body, key) => client.responses.stream(toParams(body), toOptions(key)),
    // It reads the stream from its start, and shows what comes after the number.
    follow: (id, after) =>
      client.responses.stream({ response_id: id, ...(after !== undefined && { starting_after: after }) }),
  };
}

type CreateParams = Parameters<OpenAI['responses']['stream']>[0] & { readonly response_id?: never };

function toParams(body: CreateBody): CreateParams {
  return { model: 'heddle', ...body } as CreateParams;
}

function toOptions(key: string): { readonly headers: Readonly<Record<string, string>> } {
  return { headers: { 'idempotency-key': key } };
}

async function* streamOf(
  opened: PromiseLike<AsyncIterable<ResponseStreamEvent>>,
): AsyncGenerator<ResponseStreamEvent> {
  yield* await opened;
}

/** The package's clients of Responses. */
export const sdkResponses: readonly DialectOracle[] = Object.entries(openAiPackages).flatMap(
  ([version, Package]) => [
    createResponseOracle({
      name: `openai ${version}, responses.create`,
      open: ({ url, owner }) => openPlain(createOpenAi(Package, url, owner)),
      goesOn: true,
    }),
    createResponseOracle({
      name: `openai ${version}, responses.stream`,
      open: ({ url, owner }) => openHelper(createOpenAi(Package, url, owner)),
    }),
  ],
);
