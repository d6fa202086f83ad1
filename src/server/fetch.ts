import { RefusalError } from '../protocol/index.ts';
import type { Answer, Streamed } from './answer.ts';
import type { Ask } from './ask.ts';

/** Bytes a body may hold before its reader is behind. */
const highWaterMark = 64 * 1024;

const encoder = new TextEncoder();

/** Makes a fetch handler (Request → Response) of a server's `handle`, for runtimes without node:http. */
export function toFetch(handle: (ask: Ask) => Promise<Answer>): (request: Request) => Promise<Response> {
  return async (request) => {
    const answer = await handle(toAsk(request));
    const { status, headers } = answer;
    if (answer.type === 'whole') return new Response(toWholeBody(answer.body), { status, headers });
    return new Response(toBody(answer, request.signal), { status, headers });
  };
}

/** A Response takes no memory that threads share: that is copied. */
function toWholeBody(body: string | Uint8Array | undefined): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined || typeof body === 'string') return body ?? null;
  const { buffer, byteOffset, byteLength } = body;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : Uint8Array.from(body);
}

function toBody({ open }: Streamed, aborted: AbortSignal): ReadableStream<Uint8Array> {
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
            if (!isClosed) controller.enqueue(encoder.encode(text));
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
            if (how === 'end') controller.close();
            else
              controller.error(
                new Error(
                  'The stream was cut in mid-turn; it goes on where it was when the client comes back.',
                ),
              );
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

function toAsk(request: Request): Ask {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => request.headers.get(name) ?? (name === 'host' ? url.host : undefined),
    body: async (limit) => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of request.body ?? []) {
        size += chunk.byteLength;
        if (size > limit) throw new RefusalError('too_large');
        chunks.push(chunk);
      }
      return concat(chunks, size);
    },
  };
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
