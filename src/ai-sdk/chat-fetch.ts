import { ClientError } from '../client/index.ts';
import type { FetchLike, FetchResponse } from '../client/index.ts';
import { toFreshUrl } from '../client/internal.ts';

/** The header with the name of a stream. */
const nameHeader = 'x-workflow-run-id';
/** The header of every stream of the SDK. */
const streamHeader = 'x-vercel-ai-ui-message-stream';
const streamType = 'text/event-stream';

/**
 * Wraps `fetch` for one stream. A refusal becomes an error with the server's sentence, which the SDK shows.
 * After the first response to a GET, later ones ask for the same stream by its name, because another answer
 * may be open then.
 */
export function createChatFetch(api: string, fetch: FetchLike): FetchLike {
  let name: string | null = null;
  return async (url, init) => {
    const asked = name === null ? url : toUrl(api, name, '/stream');
    const response = await fetch(toFreshUrl(asked, init), init);
    if (init.method === 'GET' && response.status === 200) name ??= response.headers.get(nameHeader);
    if (isRefusal(response))
      throw new ClientError('refused', await response.text(), { status: response.status });
    return isUntypedStream(response) ? withType(response) : response;
  };
}

/** Returns whether a network has taken the content type off a stream of the SDK, or changed it. */
function isUntypedStream({ status, headers }: FetchResponse): boolean {
  return (
    status === 200 &&
    headers.get(streamHeader) !== null &&
    !headers.get('content-type')?.startsWith(streamType)
  );
}

/** Returns the response with the content type of a stream. */
function withType(response: FetchResponse): FetchResponse {
  const { url, status, headers, body } = response;
  return {
    ...(url !== undefined && { url }),
    status,
    headers: { get: (name) => (name.toLowerCase() === 'content-type' ? streamType : headers.get(name)) },
    ...(body !== undefined && { body }),
    text: () => response.text(),
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
