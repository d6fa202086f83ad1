/** The address that a probe writes into `X-Forwarded-For`. It is reserved for documentation (RFC 5737). */
export const forgedAddress = '203.0.113.77';

/** The name in the `Connection` header of a probe, over HTTP/1.1. */
export const hopToken = 'heddle-doctor';

/**
 * Returns the headers that a probe of this name sends, with their values. The server compares them with what
 * arrives. They are the headers that clients of Heddle and of its dialects depend on.
 */
export function toKnownHeaders(id: string): Readonly<Record<string, string>> {
  return {
    accept: 'text/event-stream, application/json',
    'last-event-id': `doctor-${id}`,
    'idempotency-key': `doctor-${id}`,
    authorization: `Bearer doctor-${id}`,
    'x-api-key': `doctor-${id}`,
    cookie: `heddle_doctor=${id}`,
    'mcp-session-id': `doctor-${id}`,
    'mcp-protocol-version': '2025-06-18',
    'a2a-version': '1.0',
  };
}

/** Returns the headers that the reply to a probe of this name has, with their values. */
export function toReplyHeaders(id: string): Readonly<Record<string, string>> {
  return {
    'heddle-session': `doctor-${id}`,
    'retry-after': '7',
    'set-cookie': `heddle_doctor=${id}; Max-Age=1; HttpOnly; SameSite=Strict`,
  };
}
