import { toRetryAfterMs } from '../../../protocol/internal.ts';
import { causesOf, createFailure, fieldsOf, textOf, toAgentError } from '../../kit/index.ts';
import { toBodyChunks } from './body-chunks.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { RemoteFetch, RemoteInit, RemoteResponse } from './remote-fetch.ts';
import type { TransportTimes } from './transport-times.ts';
import { waitFor } from './wait-for.ts';

export interface SendSettings {
  readonly fetch: RemoteFetch;
  readonly times: TransportTimes;
  /** Whether a refusal is one of a model, which has codes of its own. */
  readonly isModel: boolean;
  /** Texts that may be credentials. They are removed from what goes to `onError`. */
  readonly secrets: readonly string[];
}

/**
 * Sends a request and returns its response with a 2xx status. A connection that was refused, 429 and 503 are
 * tried three times: nothing has begun then. Everything else may have begun over there. Throws one of the
 * failures `upstream_…`, or of a model. If the signal aborts, it rejects with any error.
 */
export async function sendRequest(
  url: string,
  init: Omit<RemoteInit, 'redirect'>,
  { fetch, times, isModel, secrets }: SendSettings,
): Promise<RemoteResponse> {
  for (let attempt = 1; ; attempt++) {
    const sent = await sendOnce(url, init, fetch, times.headersMs);
    if (sent.type === 'answered') return sent.response;
    const {
      failure,
      mayRetry,
      retryAfterMs = times.retryMs * 2 ** (attempt - 1),
    } = sent.type === 'refused' ? await toRefused(sent, { isModel, secrets }) : toUnsent(sent.error);
    if (!mayRetry || attempt === 3 || retryAfterMs > times.longestRetryMs) throw failure;
    await waitFor(retryAfterMs, init.signal);
  }
}

type Sent =
  | { readonly type: 'answered'; readonly response: RemoteResponse }
  | { readonly type: 'refused'; readonly response: RemoteResponse; readonly drop: () => void }
  | { readonly type: 'unsent'; readonly error: unknown };

/** A request that failed. */
interface Unanswered {
  readonly failure: unknown;
  /** Whether nothing has begun over there. */
  readonly mayRetry: boolean;
  readonly retryAfterMs?: number | undefined;
}

async function sendOnce(
  url: string,
  { signal, ...init }: Omit<RemoteInit, 'redirect'>,
  fetch: RemoteFetch,
  headersMs: number,
): Promise<Sent> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`No headers came for ${headersMs} ms.`)), headersMs);
  try {
    const joined = AbortSignal.any([signal, late.signal]);
    const response = await fetch(url, { ...init, signal: joined, redirect: 'manual' });
    return response.status >= 200 && response.status < 300
      ? { type: 'answered', response }
      : { type: 'refused', response, drop: () => late.abort() };
  } catch (error) {
    signal.throwIfAborted();
    return { type: 'unsent', error: late.signal.aborted ? late.signal.reason : error };
  } finally {
    clearTimeout(timer);
  }
}

function toUnsent(error: unknown): Unanswered {
  return { failure: createFailure('upstream_unreachable', error), mayRetry: isRefused(error) };
}

async function toRefused(
  { response, drop }: Extract<Sent, { type: 'refused' }>,
  { isModel, secrets }: Pick<SendSettings, 'isModel' | 'secrets'>,
): Promise<Unanswered> {
  const { status, headers } = response;
  const words = hideSecrets(await readWords(response, drop), secrets);
  const cause = new Error(`The upstream answered with status ${status}. ${words}`.trim());
  return {
    failure: toFailure(status, cause, isModel),
    mayRetry: status === 429 || status === 503,
    retryAfterMs: toRetryAfterMs(headers.get('retry-after'), Date.now()),
  };
}

/** The codes of Node, undici and Bun for a connection that was not made. */
const refusals = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOENT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
]);

function isRefused(error: unknown): boolean {
  return causesOf(error).some((cause) => refusals.has(textOf(fieldsOf(cause)['code'])));
}

function toFailure(status: number, cause: Error, isModel: boolean): unknown {
  if (isModel && cause.message.includes('context_length_exceeded'))
    return createFailure('context_overflow', cause);
  if (isModel && status >= 400) return toAgentError(Object.assign(cause, { status }));
  if (status === 429 || status === 503) return createFailure('upstream_busy', cause);
  return createFailure(status >= 500 ? 'upstream_failed' : 'upstream_refused', cause);
}

/** Reads the start of what a refusal says, for the operator. `drop` ends the response. */
async function readWords(response: RemoteResponse, drop: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let words = '';
  // A refusal whose body never ends must not hold the turn.
  const timer = setTimeout(drop, 1_000);
  try {
    for await (const chunk of toBodyChunks(response)) {
      words += decoder.decode(chunk, { stream: true });
      if (words.length > 500) break;
    }
  } catch {
    // The status says enough.
  }
  clearTimeout(timer);
  drop();
  return words.slice(0, 500).replace(/\s+/g, ' ');
}
