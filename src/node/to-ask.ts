import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { RefusalError, isRecord } from '../protocol/index.ts';
import type { Ask } from '../server/index.ts';

/** A Node request as the server needs it; `prefix` is the path a framework has already taken off. */
export function toAsk(request: IncomingMessage | Http2ServerRequest): Ask {
  const [target, query] = splitOnce(request.url ?? '/', '?');
  return {
    method: request.method ?? 'GET',
    // As it came: a path that only resolves to another one is not that one, for nobody in front has seen it so.
    path: target,
    query: new URLSearchParams(query),
    address: request.socket.remoteAddress,
    header: (name) => {
      const value = request.headers[name] ?? (name === 'host' ? request.headers[':authority'] : undefined);
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: (limit) => readBody(request, limit),
  };
}

async function readBody(request: IncomingMessage | Http2ServerRequest, limit: number): Promise<Uint8Array> {
  // Express' own body parsers leave what they read here, and the stream empty.
  if (isRecord(request) && 'body' in request && request['body'] !== undefined && request.readableEnded) {
    return new TextEncoder().encode(JSON.stringify(request['body']));
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

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
