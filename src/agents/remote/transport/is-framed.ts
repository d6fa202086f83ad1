import type { RemoteResponse } from './remote-fetch.ts';

/**
 * Whether the end of a response's body is marked by HTTP. A body without a length and without chunks ends with
 * its connection, which looks the same when the upstream crashes.
 */
export function isFramed({ headers, body }: RemoteResponse): boolean {
  return body === null || headers.get('transfer-encoding') !== null || headers.get('content-length') !== null;
}
