import { RefusalError } from '../protocol/index.ts';
import type { Reply, StreamReply } from './reply.ts';
import type { ServerRequest } from './server-request.ts';

/** The bytes that a body may buffer before its reader is behind. */
const highWaterMark = 64 * 1024;

const encoder = new TextEncoder();

export interface FetchOptions {
  readonly handle: (request: ServerRequest) => Promise<Reply>;
  /** Reports an error when a request could not be answered. */
  readonly tell: (error: unknown) => void;
}

/**
 * Creates a fetch handler (Request → Response) from the `handle` of a server, for runtimes without node:http.
 */
export function toFetch({ handle, tell }: FetchOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return toResponse(await handle(toAsk(request)), request);
    } catch (error) {
      // The `page` option returned an invalid reply.
      tell(error);
      return new Response(null, { status: 500 });
    }
  };
}

function toResponse(reply: Reply, request: Request): Response {
  const { status, headers } = reply;
  if (reply.type === 'stream') return new Response(toBody(reply, request.signal), { status, headers });
  const body = request.method === 'HEAD' ? undefined : reply.body;
  return new Response(toWhole(body), { status, headers });
}

/** Copies bytes out of shared memory, which a Response does not accept. */
function toWhole(body: string | Uint8Array | undefined): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined || typeof body === 'string') return body ?? null;
  const { buffer, byteOffset, byteLength } = body;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : Uint8Array.from(body);
}

function toBody({ open }: StreamReply, aborted: AbortSignal): ReadableStream<Uint8Array> {
  let isClosed = false;
  let stop = (): void => {};
  let wake = (): void => {};
  const leave = (): void => {
    isClosed = true;
    stop();
    wake();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const onAbort = (): void => {
          if (!isClosed) controller.error(aborted.reason);
          leave();
        };
        stop = open({
          write: (text) => {
            if (isClosed) return;
            try {
              controller.enqueue(encoder.encode(text));
            } catch {
              // The runtime has closed the stream already.
              leave();
            }
          },
          get held() {
            return isClosed ? 0 : highWaterMark - (controller.desiredSize ?? 0);
          },
          drained: (next) => {
            wake = next;
            if (isClosed || (controller.desiredSize ?? 0) > 0) next();
          },
          close: (how) => {
            aborted.removeEventListener('abort', onAbort);
            if (isClosed) return;
            isClosed = true;
            try {
              if (how === 'end') controller.close();
              else
                controller.error(
                  new Error(
                    'The stream was cut in mid-turn; it goes on where it was when the client comes back.',
                  ),
                );
            } catch {
              // The runtime has closed the stream already.
            }
          },
        });
        aborted.addEventListener('abort', onAbort);
        if (aborted.aborted) onAbort();
      },
      pull: () => wake(),
      cancel: leave,
    },
    { highWaterMark, size: (chunk) => chunk.byteLength },
  );
}

function toAsk(request: Request): ServerRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    isSecure: url.protocol === 'https:',
    gone: request.signal,
    header: (name) => request.headers.get(name) ?? (name === 'host' ? url.host : undefined),
    body: (limit) => readBody(request, limit),
  };
}

async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  if (request.bodyUsed || request.body?.locked)
    throw new Error(
      'The body was read before Heddle got the request, which gives it only once. Mount Heddle before what reads bodies, or let that read request.clone().',
    );
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw new RefusalError('too_large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) throw new RefusalError('too_large');
      chunks.push(chunk);
    }
  } catch (error) {
    // The client broke off. That is not an error of the server.
    throw error instanceof RefusalError ? error : new RefusalError('malformed', 'The body ended early.');
  }
  return concat(chunks, size);
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
