import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { ServerRequest } from '../server/index.ts';
import { isGone } from './to-sink.ts';
import { isRead, readBody } from './read-body.ts';

type Request = IncomingMessage | Http2ServerRequest;

/** Converts a Node request to a ServerRequest. */
export function toServerRequest(
  request: Request,
  response: ServerResponse | Http2ServerResponse,
): ServerRequest {
  const { authority, path: below, query } = splitTarget(request.url ?? '/');
  const { mount, path } = findMount(request, below);
  let gone: AbortSignal | undefined;
  return {
    method: request.method ?? 'GET',
    path,
    mount,
    query: new URLSearchParams(query),
    address: findAddress(request),
    get isSecure() {
      return Reflect.get(request.socket, 'encrypted') === true;
    },
    get gone() {
      return (gone ??= watch(response));
    },
    header: (name) => {
      // A host in the target replaces the header (RFC 9112, section 3.2.2).
      if (name === 'host' && authority !== undefined) return authority;
      // A framework that has read the body has also decoded it.
      if (name === 'content-encoding' && isRead(request)) return undefined;
      const value = request.headers[name] ?? (name === 'host' ? request.headers[':authority'] : undefined);
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: (limit) => readBody(request, limit),
  };
}

interface Target {
  readonly authority: string | undefined;
  /**
   * The path as it was sent. A path such as `/a/../b` is not resolved, because no proxy in front has seen the
   * resolved path.
   */
  readonly path: string;
  readonly query: string;
}

/** Splits the target of a request, in origin form or in absolute form (RFC 9112, section 3.2). */
function splitTarget(target: string): Target {
  const [, authority, path = '', query = ''] =
    /^(?:https?:\/\/([^/?]*))?([^?]*)(?:\?([^]*))?$/i.exec(target) ?? [];
  return { authority, path: path === '' && authority !== undefined ? '/' : path, query };
}

/**
 * Returns the part of the path that a framework such as Express removed. It keeps the whole path in
 * `originalUrl`.
 */
function findMount(request: Request, path: string): { readonly mount: string; readonly path: string } {
  const original: unknown = Reflect.get(request, 'originalUrl');
  if (typeof original !== 'string') return { mount: '', path };
  const whole = splitTarget(original).path;
  if (whole.endsWith(path)) return { mount: whole.slice(0, whole.length - path.length), path };
  // The mount point was requested without its last slash, which frameworks treat as the same path.
  return path === '/' ? { mount: whole, path: '' } : { mount: '', path };
}

function findAddress(request: Request): string | undefined {
  try {
    return request.socket.remoteAddress;
  } catch {
    // An HTTP/2 session that is closed has no socket.
    return undefined;
  }
}

/** Returns a signal that is aborted when a response is over, or its client has left. */
function watch(response: ServerResponse | Http2ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (isGone(response)) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
