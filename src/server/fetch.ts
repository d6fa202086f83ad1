import { RefusalError } from '../protocol/index.ts';
import type { Answer, Sink } from './answer.ts';
import type { Ask } from './ask.ts';

/** Makes a fetch handler (Request → Response) of a server's `handle`, for runtimes without node:http. */
export function toFetch(handle: (ask: Ask) => Promise<Answer>): (request: Request) => Promise<Response> {
  return async (request) => {
    const answer = await handle(toAsk(request));
    const { status, headers } = answer;
    if (answer.type === 'whole') return new Response(answer.body ?? null, { status, headers });
    let stop = (): void => {};
    let wake = (): void => {};
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          stop = answer.open(toSink(controller, (next) => (wake = next)));
        },
        pull: () => wake(),
        cancel: () => {
          stop();
          wake();
        },
      },
      { highWaterMark: 64 * 1024, size: (chunk) => chunk.byteLength },
    );
    return new Response(body, { status, headers });
  };
}

function toSink(
  controller: ReadableStreamDefaultController<Uint8Array>,
  onDrained: (wake: () => void) => void,
): Sink {
  return {
    write: (bytes) => {
      controller.enqueue(bytes);
      return 64 * 1024 - (controller.desiredSize ?? 0);
    },
    drained: onDrained,
    close: (how) => {
      if (how === 'end') controller.close();
      else
        controller.error(
          new Error('The stream was cut in mid-turn; it goes on where it was when the client comes back.'),
        );
    },
  };
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
