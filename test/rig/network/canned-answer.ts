import { cannedAnswers } from './network-faults.ts';
import type { CannedAnswer, NetworkFaults } from './network-faults.ts';
import type { NetworkRequest } from './onward.ts';

/** Returns the response that the network gives in place of the server, if it does. */
export function toCannedAnswer(
  { method, url, body }: NetworkRequest,
  { instead, longestUrl = Infinity, longestBody = Infinity, stripPrefix = '' }: NetworkFaults,
  /** How long ago the first request came, in milliseconds. */
  age: number,
): CannedAnswer | undefined {
  const { headers } = cannedAnswers.badGateway;
  if (url.length > longestUrl) return { status: 414, headers, body: '<h1>URI too long</h1>' };
  if (body.length > longestBody) return { status: 413, headers, body: '<h1>Entity too large</h1>' };
  if (!url.startsWith(stripPrefix)) return { status: 404, headers, body: '<h1>Not found</h1>' };
  if (instead === undefined || age >= (instead.forMs ?? Infinity)) return undefined;
  return instead.method === undefined || instead.method === method ? instead.answer : undefined;
}
