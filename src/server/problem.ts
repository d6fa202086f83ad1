import { RefusalError, refusals } from '../protocol/index.ts';
import { json } from './reply.ts';
import type { WholeReply } from './reply.ts';

/**
 * Problem details (RFC 9457) for whatever a route threw, with `code` from the closed set and `error` for simple clients.
 * What is not a refusal is told as `internal`, without its words.
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
      // What is taken instead (RFC 9110, section 15.5.16).
      ...(status === 415 && { accept: 'application/json', 'accept-encoding': 'identity' }),
      ...((status === 429 || status === 503) && { 'retry-after': toRetryAfter(refusal.retryAfterMs) }),
    },
  );
  return { ...whole, code: refusal.code };
}

/** Seconds, with jitter upwards: those who were turned away together are not to come back together. */
function toRetryAfter(waitMs = 0): string {
  // A limiter may tell anything.
  const seconds = Math.max(1, Number.isFinite(waitMs) ? Math.ceil(waitMs / 1000) : 1);
  return String(seconds + Math.floor(Math.random() * Math.max(4, seconds / 4)));
}
