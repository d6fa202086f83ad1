/** All refusal codes, each with its HTTP status and the title that is used when there is no better detail. */
export const refusals = {
  malformed: { status: 400, title: 'The request is malformed.' },
  unauthorized: { status: 401, title: 'Credentials are missing or not valid.' },
  forbidden_host: { status: 403, title: 'This server does not answer to that host name.' },
  forbidden_origin: { status: 403, title: 'This server does not answer pages of that origin.' },
  not_found: { status: 404, title: 'There is no such thing here.' },
  method_not_allowed: { status: 405, title: 'That method is not allowed here.' },
  busy: { status: 409, title: 'The session is busy with a turn.' },
  too_late: { status: 409, title: 'It is too late for that.' },
  other_caller: { status: 412, title: 'The caller is not the one that the request names.' },
  too_large: { status: 413, title: 'The request is too large.' },
  unsupported_type: { status: 415, title: 'The body must be application/json.' },
  key_reused: { status: 422, title: 'That idempotency key was used with another body.' },
  queue_full: { status: 429, title: 'Too many messages wait in this session.' },
  too_many: { status: 429, title: 'That is more than is allowed; come back later.' },
  internal: { status: 500, title: 'Something went wrong here.' },
  draining: { status: 503, title: 'This server is shutting down.' },
  unavailable: { status: 503, title: 'The store does not answer.' },
  storage_full: { status: 503, title: 'The store is full.' },
} as const;

export type RefusalCode = keyof typeof refusals;

/** An error that refuses a request. On the wire it becomes problem JSON (RFC 9457). */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly code: RefusalCode;
  /** How long to wait before the next try, in milliseconds, if that is known. */
  readonly retryAfterMs: number | undefined;
  constructor(code: RefusalCode, detail: string = refusals[code].title, retryAfterMs?: number) {
    super(detail);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * An error whose code and message users may see. If an agent throws it, it becomes the `error` of
 * `message_end`. Any other error of an agent is reported as `agent_failed`, without its message.
 */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: string;
  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Returns whether an error is an AgentError. It may come from another copy of this package, because an agent
 * may bring its own. Never throws.
 */
export function isAgentError(error: unknown): error is AgentError {
  try {
    return (
      error instanceof Error &&
      error.name === 'AgentError' &&
      typeof error.message === 'string' &&
      'code' in error &&
      typeof error.code === 'string'
    );
  } catch {
    // A proxy or a getter that throws.
    return false;
  }
}
