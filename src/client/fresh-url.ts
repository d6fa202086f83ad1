import { headers as names } from '../protocol/index.ts';
import { createKey } from './create-key.ts';
import type { FetchInit } from './fetch-like.ts';

/**
 * Returns the URL of a request to a Heddle server. The last id stands in it, because some networks drop
 * headers that they do not know. Each GET has a `nonce`, which the server ignores: a cache that compares URLs
 * only, and disregards `no-store`, would answer with the same old bytes each time. The idempotency key stands
 * in it, too, unless the page has another origin: browsers remember preflights by URL, so each POST would
 * cost one more.
 */
export function toFreshUrl(
  url: string,
  { method, headers }: Pick<FetchInit, 'method' | 'headers'>,
  key?: string,
): string {
  const last = headers[names.lastEventId];
  const added = [
    ...(last === undefined ? [] : [`after=${encodeURIComponent(last)}`]),
    ...(key === undefined || isForeign(url) ? [] : [`key=${encodeURIComponent(key)}`]),
    ...(method === 'GET' ? [`nonce=${createKey().slice(0, 12)}`] : []),
  ];
  if (added.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${added.join('&')}`;
}

function isForeign(url: string): boolean {
  return typeof location === 'object' && new URL(url, location.href).origin !== location.origin;
}
