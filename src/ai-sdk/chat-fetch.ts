import { ClientError } from '../client/index.ts';
import type { FetchLike, FetchResponse } from '../client/index.ts';

/** The header with the name of a stream. */
const nameHeader = 'x-workflow-run-id';

/**
 * Wraps `fetch` for one stream. A refusal becomes an error with the server's sentence, which the SDK shows.
 * After the first response to a GET, later ones ask for the same stream by its name, because another answer
 * may be open then.
 */
export function createChatFetch(api: string, fetch: FetchLike): FetchLike {
  let name: string | null = null;
  return async (url, init) => {
    const response = await fetch(name === null ? url : toUrl(api, name, '/stream'), init);
    if (init.method === 'GET' && response.status === 200) name ??= response.headers.get(nameHeader);
    if (isRefusal(response))
      throw new ClientError('refused', await response.text(), { status: response.status });
    return response;
  };
}

/** Returns whether the server refused for good. Another status may be a proxy's, and passes. */
function isRefusal({ status, headers }: FetchResponse): boolean {
  const isFinal = status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 425;
  return isFinal && /^text\/plain/i.test(headers.get('content-type') ?? '');
}

/** Returns the URL of a chat, or of a stream by its name. */
export function toUrl(api: string, name: string, path: string): string {
  return `${api}/${encodeURIComponent(name)}${path}`;
}
