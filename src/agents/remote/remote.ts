import { checkNumbers, timerRange } from '../../protocol/internal.ts';
import type { Agent, OpenSession, Turn } from '../../protocol/index.ts';
import { toAgentFacts } from '../kit/index.ts';
import type { AdapterOptions, StartLine } from '../kit/index.ts';
import { answerTurn } from './answer-turn.ts';
import { checkUrl } from './check-url.ts';
import { formats } from './formats/formats.ts';
import type { RemoteFormatName } from './formats/formats.ts';
import type { SendTurn } from './hear-responses.ts';
import type { RemoteFormat } from './remote-format.ts';
import { toRemoteHeaders } from './to-remote-headers.ts';
import type { RemoteFetch } from './transport/remote-fetch.ts';
import { sendRequest } from './transport/send-request.ts';

/** Headers of a request, by name. */
export type RemoteHeaders = Readonly<Record<string, string>>;

export interface RemoteOptions extends AdapterOptions {
  /** The URL of the agent or model: `http:` or `https:`, or what `fetch` accepts. It has no credentials. */
  readonly url: string;
  /**
   * The format of requests and responses. With `auto` a prompt goes in, and the form of the response is found
   * out. @default 'auto'
   */
  readonly format?: RemoteFormatName;
  /** The method of requests. With `GET` the prompt is in the query, and the format is `auto`. @default 'POST' */
  readonly method?: 'GET' | 'POST';
  /** Further headers, or a function that returns them for each request, for tokens that expire. */
  readonly headers?: RemoteHeaders | (() => RemoteHeaders | Promise<RemoteHeaders>);
  /**
   * Makes the body of a request, as JSON, for an upstream that takes another shape. It gets the start line and
   * the body that the format would send.
   */
  readonly body?: (start: StartLine, body: unknown) => unknown;
  /** The name of the model, for `openai` and `responses`. */
  readonly model?: string;
  /** The instructions of the model, for `openai`, `responses` and `agui`. */
  readonly instructions?: string;
  /**
   * Whether a turn may run twice over there. If so, an answer that broke before any tool was called is tried
   * again, up to three times, and a turn whose node died begins again. @default false
   */
  readonly idempotent?: boolean;
  /**
   * Sends requests. `httpFetch` of `heddle/node` has no bound on silence, and knows `unix:` sockets. The global
   * `fetch` of Node ends a response that is silent for 5 minutes. @default the global `fetch`
   */
  readonly fetch?: RemoteFetch;
  /** How long the headers of a response may take, in milliseconds. @default 30000 */
  readonly headersMs?: number;
  /** The wait before a request is tried again, in milliseconds. It doubles. @default 500 */
  readonly retryMs?: number;
}

/**
 * Adapts an agent or a model behind a URL, in any language. The conversation is sent with each turn, from the
 * session's log. A cancel aborts the request. Redirects are errors. The words of an upstream about its failures
 * go to `onError`, and readers get a code: `upstream_unreachable`, `upstream_busy` (429, 503),
 * `upstream_refused` (other 4xx, redirects), `upstream_failed` (5xx, an error in the stream, an answer that is
 * none), `upstream_broken` (no end). Tools over there run before their calls stand in the log, so a turn whose
 * node died fails by default. Throws a TypeError if an option is not valid.
 */
export function remote(options: RemoteOptions): Agent {
  const { url, method = 'POST', format: formatName = 'auto', model, instructions } = options;
  const { idempotent = false, headersMs = 30_000, retryMs = 500 } = options;
  checkUrl(url);
  const format = toFormat(formatName);
  if (method === 'GET' && formatName !== 'auto')
    throw new TypeError(`method: GET is for the format auto; ${formatName} sends its requests by POST.`);
  checkNumbers({ headersMs, retryMs }, { headersMs: timerRange, retryMs: timerRange });
  const upstream = {
    format,
    facts: { url, method, model, instructions },
    idempotent,
    retryMs,
    send: createSend(options, format, { headersMs, retryMs, longestRetryMs: 30_000 }),
  };
  return {
    open: (session: OpenSession) => (turn: Turn) => answerTurn(upstream, session, turn),
    onCrash: idempotent || format.isModel === true ? 'retry' : 'fail',
    ...toAgentFacts(options),
  };
}

function toFormat(name: string): RemoteFormat {
  const found = Object.entries(formats).find(([each]) => each === name);
  if (found) return found[1];
  const names = Object.keys(formats).join(', ');
  throw new TypeError(`format: ${name} is none. The formats are ${names}.`);
}

function createSend(
  { url, headers, body: toBody, fetch = globalThis.fetch }: RemoteOptions,
  { isModel }: RemoteFormat,
  times: Parameters<typeof sendRequest>[2]['times'],
): SendTurn {
  return async (request, asked, signal) => {
    const given = typeof headers === 'function' ? await headers() : (headers ?? {});
    const secrets = toSecrets(url, given);
    const body = toBody && request.body !== undefined ? toBody(asked.start, request.body) : request.body;
    const init = {
      method: request.method,
      headers: toRemoteHeaders(request, asked, given),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    };
    const settings = { fetch, times, isModel: isModel === true, secrets };
    return { response: await sendRequest(request.url, init, settings), secrets };
  };
}

/** Returns the texts of a request that may be credentials, longest first. An upstream may repeat them. */
function toSecrets(url: string, headers: RemoteHeaders): readonly string[] {
  const values = [...Object.values(headers), ...new URL(url).searchParams.values()];
  // A header such as `Bearer …` has its token as a word.
  const words = values.flatMap((value) => [value, ...value.split(/\s+/)]);
  return words.filter(({ length }) => length >= 8).toSorted((a, b) => b.length - a.length);
}
