import type { Asked, RemoteRequest } from './remote-format.ts';

/**
 * Returns the headers of a request. They name the session, its owner and the turn, so that an upstream can tell
 * requests apart. The credentials of callers are never among them.
 */
export function toRemoteHeaders(
  request: RemoteRequest,
  { start }: Asked,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    accept: 'text/event-stream, application/x-ndjson, text/plain;q=0.9, application/json;q=0.8',
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
    'heddle-session': encodeURIComponent(start.session),
    'heddle-owner': encodeURIComponent(start.owner),
    'heddle-turn': encodeURIComponent(start.turn),
    'heddle-attempt': String(start.attempt),
    'idempotency-key': `${encodeURIComponent(start.turn)}.${start.attempt}`,
    ...request.headers,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])),
  };
}
