import { RefusalError, refusals } from '../protocol/index.ts';
import { json } from './reply.ts';
import type { WholeReply } from './reply.ts';

/**
 * Creates problem details (RFC 9457) for an error of a route, with a `code` from the closed set, and `error`
 * for simple clients. An error that is not a refusal becomes `internal`, without its message.
 */
export function toProblem(error: unknown): WholeReply {
  const refusal = error instanceof RefusalError ? error : new RefusalError('internal');
  const { status, title } = refusals[refusal.code];
  const detail = refusal.message;
  const whole = json(
    status,
    { type: 'about:blank', title, status, detail, code: refusal.code, error: detail },
    {
      'content-type': 'application/problem+json',
      // The types and encodings that are accepted (RFC 9110, section 15.5.16).
      ...(status === 415 && { accept: 'application/json', 'accept-encoding': 'identity' }),
      ...((status === 429 || status === 503) && { 'retry-after': toRetryAfter(refusal.retryAfterMs) }),
    },
  );
  return { ...whole, code: refusal.code };
}

/**
 * Returns seconds, with jitter upwards, so that clients that were refused together do not return together.
 */
function toRetryAfter(waitMs = 0): string {
  // A limiter may return any number.
  const seconds = Math.max(1, Number.isFinite(waitMs) ? Math.ceil(waitMs / 1000) : 1);
  return String(seconds + Math.floor(Math.random() * Math.max(4, seconds / 4)));
}
