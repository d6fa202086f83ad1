import { RefusalError, fromWireId, headers, isContent } from '../protocol/index.ts';
import type { Content, WireId } from '../protocol/index.ts';
import type { Key } from '../turns/index.ts';
import type { ServerRequest } from './server-request.ts';
import { digest } from './derive.ts';

/**
 * The longest content of a message, in UTF-16 units of its JSON. One event must fit the limit of readers
 * (1 MiB).
 */
const maxContent = 256 * 1024;

/**
 * Reads the idempotency key from `?key=` or the header, with the digest of the request's body. The URL wins,
 * because some networks drop or change headers. `kind` separates the keys of different requests of one
 * session. Throws `malformed` unless it has 1 to 200 visible ASCII characters.
 */
export async function readKey(request: ServerRequest, kind: string, body: string): Promise<Key | undefined> {
  const key = request.query.get('key') ?? request.header(headers.idempotencyKey);
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new RefusalError('malformed', 'An idempotency key has 1 to 200 visible ASCII characters.');
  }
  return { id: `${kind}:${key}`, digest: await digest(body) };
}

/**
 * Reads the id of the client's last frame from `Last-Event-ID` or `?after=`. Throws `malformed` if it is not
 * an id.
 */
export function readAfter(request: ServerRequest): WireId | undefined {
  // On reconnects EventSource sends the header, and its URL stays the same. So the header is newer.
  const text = request.header(headers.lastEventId) || request.query.get('after');
  if (!text) return undefined;
  const id = fromWireId(text);
  if (id === undefined) throw new RefusalError('malformed', 'The last event id is not one of this server.');
  return id;
}

/**
 * Returns the content of a message. Throws `malformed`, or `too_large` if it is longer than 256 Ki
 * characters.
 */
export function toContent(value: unknown, field: string): Content {
  if (!isContent(value) || value.length === 0) {
    throw new RefusalError('malformed', `"${field}" must be a text that is not empty, or a list of parts.`);
  }
  if (JSON.stringify(value).length > maxContent) {
    throw new RefusalError(
      'too_large',
      `"${field}" is longer than ${maxContent.toLocaleString('en')} characters of JSON. Images and files count ` +
        'in base64, so that some 190 KB of them fit: make a larger one smaller, or send its address as text.',
    );
  }
  return value;
}

/** Returns an optional text of a body. Throws `malformed` if it is not a text of at most 200 characters. */
export function toOptionalText(value: unknown, field: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > 200) {
    throw new RefusalError('malformed', `"${field}" must be a text of at most 200 characters.`);
  }
  return value;
}
