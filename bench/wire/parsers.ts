import { createRequire } from 'node:module';
import { _iterSSEMessages as iterateAnthropic } from '@anthropic-ai/sdk/core/streaming';
import { createParser as createPeer } from 'eventsource-parser';
import { createParser, parse } from 'heddle/wire';
import { _iterSSEMessages as iterateOpenai } from 'openai/core/streaming';

/** Reads all chunks of a stream, and calls `onData` with the data of each event. */
export type WireParser = (
  chunks: readonly Uint8Array[],
  onData: (data: string) => void,
) => void | Promise<void>;

const undici = loadUndici();

/** The parsers that receive bytes by calls. The one of undici is there if it is installed. */
export const pushed: Readonly<Record<string, WireParser>> = {
  heddle(chunks, onData) {
    const parser = createParser({ onFrame: (frame) => onData(frame.data) });
    for (const chunk of chunks) parser.push(chunk);
  },
  'eventsource-parser'(chunks, onData) {
    const decoder = new TextDecoder();
    const parser = createPeer({ onEvent: (event) => onData(event.data) });
    for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
  },
  ...(undici === undefined ? {} : { undici }),
};

/** The parsers that iterate over a `Response`. This is the only form that openai and anthropic have. */
export const iterated: Readonly<Record<string, WireParser>> = {
  async 'heddle parse()'(chunks, onData) {
    const { body } = respond(chunks);
    if (body !== null) for await (const frame of parse(body)) onData(frame.data);
  },
  async openai(chunks, onData) {
    for await (const event of iterateOpenai(respond(chunks), new AbortController())) onData(event.data);
  },
  async anthropic(chunks, onData) {
    for await (const event of iterateAnthropic(respond(chunks), new AbortController())) onData(event.data);
  },
};

function respond(chunks: readonly Uint8Array[]): Response {
  let next = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        const chunk = chunks[next++];
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    }),
  );
}

interface UndiciStream {
  _transform(chunk: Uint8Array, encoding: string, done: () => void): void;
}

// undici does not export it, so it has no types.
function loadUndici(): WireParser | undefined {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)('undici/lib/web/eventsource/eventsource-stream.js');
  } catch {
    return undefined;
  }
  if (!hasStream(loaded)) return undefined;
  const { EventSourceStream } = loaded;
  return (chunks, onData) => {
    const push = (event: UndiciEvent): boolean => {
      onData(event.options.data);
      return true;
    };
    const stream = new EventSourceStream({ eventSourceSettings: {}, push });
    for (const chunk of chunks)
      // oxlint-disable-next-line no-underscore-dangle -- Node's name for it; `write` would wait for the next tick.
      stream._transform(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), '', () => {});
  };
}

interface UndiciEvent {
  readonly options: { readonly data: string };
}

interface UndiciModule {
  readonly EventSourceStream: new (options: {
    readonly eventSourceSettings: object;
    readonly push: (event: UndiciEvent) => boolean;
  }) => UndiciStream;
}

function hasStream(value: unknown): value is UndiciModule {
  return typeof value === 'object' && value !== null && 'EventSourceStream' in value;
}
