import type { ByteSource, FetchResponse } from './fetch-like.ts';

/** The first bytes of every stream of a Heddle server. */
const opening = ': heddle';

interface StreamBody {
  readonly isStream: boolean;
  /** Absent where `fetch` gives no body to read, as in React Native. */
  readonly body?: ByteSource;
}

/**
 * Opens the body of a response. A network may take the content type off, or put the least one in its place.
 * The stream of a Heddle server is then known by its first bytes, for which `during` waits.
 */
export async function openBody(
  response: FetchResponse,
  isHeddle: boolean,
  during: <T>(wait: Promise<T>) => Promise<T>,
): Promise<StreamBody> {
  const { body } = response;
  if (isEventStream(response)) return { isStream: true, ...(body && { body }) };
  const known = isHeddle && body && isUntyped(response) ? await findOpening(body, during) : undefined;
  return { isStream: known !== undefined, ...(known && { body: known }) };
}

/** Returns whether a response says that it is an event stream. */
export function isEventStream({ headers }: FetchResponse): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(headers.get('content-type') ?? '');
}

function isUntyped({ headers }: FetchResponse): boolean {
  return /^(text\/plain|application\/octet-stream|)\s*(;|$)/i.test(headers.get('content-type') ?? '');
}

/** Returns the whole body if it begins as a stream of a Heddle server does. */
async function findOpening(
  body: ByteSource,
  during: <T>(wait: Promise<T>) => Promise<T>,
): Promise<ByteSource | undefined> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let text = '';
  while (text.length < opening.length) {
    const { done, value } = await during(reader.read());
    if (done) return undefined;
    if (value === undefined) continue;
    chunks.push(value);
    text += String.fromCharCode(...value.subarray(0, opening.length));
  }
  if (!text.startsWith(opening)) return undefined;
  return {
    getReader: () => ({
      async read() {
        const value = chunks.shift();
        return value ? { done: false, value } : reader.read();
      },
      cancel: () => reader.cancel(),
    }),
  };
}
