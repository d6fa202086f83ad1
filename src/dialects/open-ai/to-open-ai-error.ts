import type { RefusalCode, TurnError } from '../../protocol/index.ts';
import type { DialectReply, Refusal } from '../dialect-reply.ts';
import type { DialectRequest } from '../dialect-route.ts';

/** An error in OpenAI's words. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: null;
  readonly code: string;
}

/** The codes for which clients of OpenAI look. All others are Heddle's own. */
const codes: Readonly<Partial<Record<RefusalCode, string>>> = {
  unauthorized: 'invalid_api_key',
  too_many: 'rate_limit_exceeded',
  queue_full: 'rate_limit_exceeded',
  internal: 'server_error',
};

/** Nothing was done for a request that is refused like this, and a later one may succeed. */
const later: ReadonlySet<RefusalCode> = new Set(['too_many', 'queue_full', 'busy']);

/**
 * It is not known whether the request was performed. A server that shuts down also ends the wait for an
 * answer.
 */
const unclear: ReadonlySet<RefusalCode> = new Set(['internal', 'unavailable', 'draining']);

/**
 * Returns a refusal in OpenAI's words. `x-should-retry` says whether the client should repeat the request by
 * itself, because OpenAI's packages repeat a POST after any 409, 429 and 5xx. If it is not clear whether the
 * first one was performed, a repeated POST needs an idempotency key: without one it would ask the agent
 * again.
 */
export function toOpenAiRefusal(
  { code, status, message }: Refusal,
  request: DialectRequest | undefined,
  isRead: boolean,
): DialectReply {
  const isSafe = isRead || request?.header('idempotency-key') !== undefined;
  const isUseful = later.has(code) || (unclear.has(code) && isSafe);
  const error: OpenAiError = { message, type: toType(status), param: null, code: codes[code] ?? code };
  return { status, headers: { 'x-should-retry': String(isUseful) }, body: { error } };
}

/** Returns the failure of a turn in OpenAI's words. */
export function toFailure(failure: TurnError | undefined): OpenAiError {
  const { code = 'agent_failed', message = 'The agent failed.' } = failure ?? {};
  return { message, type: 'server_error', param: null, code };
}

/**
 * Returns the reply for a turn that failed. The agent was asked, so the client should not repeat the request.
 */
export function toFailedReply(failure: TurnError | undefined): DialectReply {
  return { status: 500, headers: { 'x-should-retry': 'false' }, body: { error: toFailure(failure) } };
}

function toType(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
