import type { ServerRequest } from '../server/index.ts';

/** Creates a request with nothing but headers. */
export function withHeaders(headers: Readonly<Record<string, string>>): ServerRequest {
  return {
    method: 'GET',
    path: '/sessions',
    query: new URLSearchParams(),
    header: (name) => headers[name],
    body: async () => new Uint8Array(),
  };
}
