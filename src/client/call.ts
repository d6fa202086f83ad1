import { toAnswerMs } from './answer-patience.ts';
import { checkNumber } from '../protocol/internal.ts';
import { ClientError } from './client-error.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { isBadRequest } from './flaw.ts';
import { keepTrying } from './keep-trying.ts';
import type { Attempt } from './keep-trying.ts';
import { toRefusal } from './refusal.ts';
import type { ClientRequest, Transport } from './transport.ts';
import { createWatchdog } from './watchdog.ts';
import type { OnConnection } from './keep-trying.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * How often to try in all if the network or the server fails.
   * @default 6
   */
  readonly tries?: number;
  /** Called when the connection changes. The detail says why it waits, and until when. */
  readonly onConnection?: OnConnection;
}

const defaultTries = 6;

/**
 * Sends a request for one response and decodes it; `decode` returns undefined for any other response. The
 * request must be safe to repeat: if the network or the server fails, it is sent up to `tries` times in all.
 * Rejects with a ClientError, or with the signal's reason.
 */
export async function call<T extends object>(
  transport: Transport,
  ask: ClientRequest,
  decode: (value: unknown) => T | undefined,
  { signal = new AbortController().signal, tries = defaultTries, onConnection }: CallOptions = {},
): Promise<T> {
  checkNumber('tries', tries, { least: 1, whole: true, infinity: 'for ever' });
  const attempt = (current: Attempt): AsyncGenerator<T, AttemptEnd, undefined> =>
    askOnce(transport, ask, decode, current);
  const { timing, renewable } = transport;
  for await (const answer of keepTrying(attempt, { signal, timing, renewable, tries, onConnection }))
    return answer;
  throw signal.reason;
}

async function* askOnce<T>(
  transport: Transport,
  ask: ClientRequest,
  decode: (value: unknown) => T | undefined,
  { signal, unanswered }: Attempt,
): AsyncGenerator<T, AttemptEnd, undefined> {
  const { timing } = transport;
  const watchdog = createWatchdog(timing.readTimeoutMs, signal);
  let answer: T | undefined;
  let isAnswered = false;
  try {
    const response = await watchdog.during(
      transport.send(ask, watchdog.signal, { accept: 'application/json' }),
      toAnswerMs(timing, unanswered, ask.body),
    );
    isAnswered = true;
    if (response.status < 200 || response.status >= 300) return await watchdog.during(toRefusal(response));
    const text = await watchdog.during(response.text());
    answer = decode(text === '' ? undefined : JSON.parse(text));
    if (answer === undefined) throw new ClientError('bad_response', 'The response lacks a required field.');
  } catch (cause) {
    if (isBadRequest(cause)) return { type: 'broken', error: cause };
    const error = toError(cause);
    return watchdog.expired && !isAnswered
      ? { type: 'unanswered', error }
      : { type: 'lost', liveMs: 0, error };
  } finally {
    watchdog.close();
  }
  yield answer;
  return { type: 'over' };
}

function toError(cause: unknown): ClientError {
  if (cause instanceof ClientError) return cause;
  // If HTML comes instead of JSON, a proxy or portal on the way sent it.
  if (cause instanceof SyntaxError)
    return new ClientError('bad_response', 'The answer is not JSON.', { cause });
  return new ClientError('unreachable', 'The server cannot be reached.', { cause });
}
