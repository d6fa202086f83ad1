import type { IncomingMessage } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerRequest } from 'node:http2';
import { RefusalError } from '../protocol/index.ts';

/**
 * The time from the first look at a body to its last byte, in milliseconds. Node has such a limit for
 * HTTP/1.1 only, and only in servers that `listen` starts.
 */
const bodyMs = 60_000;

type Request = IncomingMessage | Http2ServerRequest;

/**
 * Reads the body of a request, or takes the body that a framework has read. Rejects as `ServerRequest.body`
 * does.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const read = isRead(request) ? toRead(request) : undefined;
  if (read !== undefined) {
    if (read.length > limit) throw new RefusalError('too_large');
    return read;
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new RefusalError('too_large');
  return gather(request, limit);
}

/** Gathers a body that no other code reads. A body that is refused stays open: it may be read on. */
async function gather(request: Request, limit: number): Promise<Uint8Array> {
  // A parser in front has read an empty body, and left nothing of it.
  if (request.complete && request.readableEnded) return new Uint8Array();
  if (request.destroyed || request.aborted) throw new RefusalError('malformed', endedEarly);
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer | string): void => {
    // Other code may have set an encoding.
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    size += bytes.length;
    if (size > limit) stop(new RefusalError('too_large'));
    else chunks.push(bytes);
  };
  const finish = (): void => {
    stop();
    resolve(Buffer.concat(chunks, size));
  };
  // The client broke off and does not read the response. That is not an error of the server.
  const breakOff = (): void => stop(new RefusalError('malformed', endedEarly));
  const deadline = setTimeout(() => {
    stop(new RefusalError('malformed', `The body took longer than ${bodyMs / 1_000} s.`));
    drop(request);
  }, bodyMs);
  const stop = (refusal?: RefusalError): void => {
    clearTimeout(deadline);
    request.off('data', take).off('end', finish);
    for (const event of breaks) request.off(event, breakOff);
    if (refusal === undefined) return;
    request.pause();
    reject(refusal);
  };
  request.on('data', take).on('end', finish);
  for (const event of breaks) request.on(event, breakOff);
  return promise;
}

const endedEarly = 'The body ended early.';
const breaks = ['error', 'aborted', 'close'];

/** Ends a request whose sender is too slow to be answered. */
function drop(request: Request): void {
  if ('stream' in request) request.stream.close(constants.NGHTTP2_CANCEL);
  else request.destroy();
}

/** Returns whether other code has read the body, or part of it. */
export function isRead(request: Request): boolean {
  return request.readableDidRead || (request.readableEnded && !request.destroyed);
}

/**
 * Returns the body that a framework has read: raw, as Cloud Functions keep it, or parsed, as the body parsers
 * of Express do. Throws an Error if nothing of it is left.
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
