import { headers } from '../protocol/index.ts';
import type { DialectRequest } from './dialect-route.ts';

/**
 * Returns the id of the last frame that the client has: from `Last-Event-ID`, or from `?after=` where a
 * network dropped that header. The header wins, because the URL of an EventSource stays the same.
 */
export function readLastId({ header, query }: Pick<DialectRequest, 'header' | 'query'>): string | undefined {
  return header(headers.lastEventId) || query.get('after') || undefined;
}
