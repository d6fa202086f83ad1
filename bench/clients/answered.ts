import { EventEmitter } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';

const headers = { 'content-type': 'text/event-stream' };

/** Returns a `fetch` that responds with a stream of these chunks, without a network. */
export function createFetch(chunks: readonly Uint8Array[]): () => Promise<Response> {
  return async () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks[next++];
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    });
    return new Response(body, { headers });
  };
}

/**
 * Makes `http.request` respond in the same way in this whole process, for clients that do not take a `fetch`.
 */
export function replaceRequest(chunks: readonly Uint8Array[]): void {
  const request = (
    _url: string,
    _options: unknown,
    onResponse: (response: Readable) => void,
  ): EventEmitter => {
    let next = 0;
    const response = new Readable({
      read() {
        this.push(chunks[next++] ?? null);
      },
    });
    Object.assign(response, { statusCode: 200, headers });
    return Object.assign(new EventEmitter(), {
      end: () => onResponse(response),
      destroy: () => response.destroy(),
    });
  };
  Object.assign(http, { request });
}
