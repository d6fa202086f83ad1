import { headers as names } from '../protocol/index.ts';
import { createKey } from './create-key.ts';
import type { FetchInit } from './fetch-like.ts';

/**
 * Returns the URL of a request to a Heddle server. The last id stands in it, because some networks drop
 * headers that they do not know. Each GET has a `nonce`, which the server ignores: a cache that compares URLs
 * only, and disregards `no-store`, would answer with the same old bytes each time.
 */
export function toFreshUrl(url: string, { method, headers }: Pick<FetchInit, 'method' | 'headers'>): string {
  const last = headers[names.lastEventId];
  const added = [
    ...(last === undefined ? [] : [`after=${encodeURIComponent(last)}`]),
    ...(method === 'GET' ? [`nonce=${createKey().slice(0, 12)}`] : []),
  ];
  if (added.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${added.join('&')}`;
}
