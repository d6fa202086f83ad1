import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { ServerRequest } from '../server/index.ts';
import { isGone } from './to-sink.ts';
import { isRead, readBody } from './read-body.ts';

type Request = IncomingMessage | Http2ServerRequest;

/** A Node request as the server needs it. */
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
    get gone() {
      return (gone ??= watch(response));
    },
    header: (name) => {
      // A target that names its host stands for the header (RFC 9112, section 3.2.2).
      if (name === 'host' && authority !== undefined) return authority;
      // What a framework has read, it has decoded.
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
   * As it came: a path that only resolves to another one is not that one, for nobody in front has seen it so.
   */
  readonly path: string;
  readonly query: string;
}

/** Takes a request's target apart, in origin form or in absolute form (RFC 9112, section 3.2). */
function splitTarget(target: string): Target {
  const [, authority, path = '', query = ''] =
    /^(?:https?:\/\/([^/?]*))?([^?]*)(?:\?([^]*))?$/i.exec(target) ?? [];
  return { authority, path: path === '' && authority !== undefined ? '/' : path, query };
}

/** What a framework of Express' kind has taken off the path: it leaves the whole of it here. */
function findMount(request: Request, path: string): { readonly mount: string; readonly path: string } {
  const original: unknown = Reflect.get(request, 'originalUrl');
  if (typeof original !== 'string') return { mount: '', path };
  const whole = splitTarget(original).path;
  if (whole.endsWith(path)) return { mount: whole.slice(0, whole.length - path.length), path };
  // Without its last slash the place itself was asked for: to frameworks that is the same.
  return path === '/' ? { mount: whole, path: '' } : { mount: '', path };
}

function findAddress(request: Request): string | undefined {
  try {
    return request.socket.remoteAddress;
  } catch {
    // A session of HTTP/2 that is over has none.
    return undefined;
  }
}

/** Aborted when a response is over, or nobody is there to take it. */
function watch(response: ServerResponse | Http2ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (isGone(response)) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
