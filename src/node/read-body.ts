import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { RefusalError } from '../protocol/index.ts';

type Request = IncomingMessage | Http2ServerRequest;

/** Reads a request's body, or takes what a framework has read of it. Rejects as `Ask.body` does. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const read = isRead(request) ? toRead(request) : undefined;
  if (read !== undefined) {
    if (read.length > limit) throw new RefusalError('too_large');
    return read;
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new RefusalError('too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > limit) throw new RefusalError('too_large');
      chunks.push(bytes);
    }
  } catch (error) {
    // Whoever cut it does not read the answer; it is no fault of the server's.
    throw error instanceof RefusalError ? error : new RefusalError('malformed', 'The body ended early.');
  }
  return Buffer.concat(chunks, size);
}

/** Whether somebody else has read the body, or part of it. */
export function isRead(request: Request): boolean {
  return request.readableDidRead || (request.readableEnded && !request.destroyed);
}

/**
 * What a framework left of a body that it has read: as it came, as Cloud Functions do, or parsed, as the body
 * parsers of Express do.
 */
function toRead(request: Request): Uint8Array {
  const raw: unknown = Reflect.get(request, 'rawBody');
  if (raw instanceof Uint8Array) return raw;
  const body: unknown = Reflect.get(request, 'body');
  if (body instanceof Uint8Array) return body;
  if (body === undefined)
    throw new Error(
      'The body was read before Heddle got the request, and nothing of it stands in request.body. Mount Heddle before what reads bodies.',
    );
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}
