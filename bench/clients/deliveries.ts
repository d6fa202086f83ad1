import { fetchEventSource } from '@microsoft/fetch-event-source';
import { EventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';
import { createEventStream, SSEClient } from 'heddle/client';
import { EventSource as LaunchDarklyEventSource } from 'launchdarkly-eventsource';
import { createFetch, replaceRequest } from './answered.ts';

/** Reads a stream through a client, until `isLast` returns true for an event. */
export type Delivery = (chunks: readonly Uint8Array[], isLast: (data: string) => boolean) => Promise<void>;

const url = 'http://127.0.0.1/';

/** The clients whose cost is compared, and a parser alone. */
export const deliveries: Readonly<Record<string, Delivery>> = {
  async 'heddle: for await … of stream.batches()'(chunks, isLast) {
    for await (const batch of createEventStream(url, { fetch: createFetch(chunks) }).batches()) {
      for (const { data } of batch) if (isLast(data)) return;
    }
  },

  async 'heddle: for await … of stream'(chunks, isLast) {
    for await (const { data } of createEventStream(url, { fetch: createFetch(chunks) })) {
      if (isLast(data)) return;
    }
  },

  async 'heddle: SSEClient, which reads the JSON and checks it, too'(chunks, isLast) {
    const client = new SSEClient(url, { fetch: createFetch(chunks) });
    await new Promise<void>((resolve) =>
      client.connect('go', {
        onContent(text) {
          if (!isLast(text)) return;
          client.close();
          resolve();
        },
      }),
    );
  },

  async eventsource(chunks, isLast) {
    const source = new EventSource(url, { fetch: createFetch(chunks) });
    await new Promise<void>((resolve) =>
      source.addEventListener('message', ({ data }) => {
        if (!isLast(String(data))) return;
        source.close();
        resolve();
      }),
    );
  },

  async 'fetch-event-source'(chunks, isLast) {
    Object.assign(globalThis, { window: globalThis, document: new EventTarget() });
    await fetchEventSource(url, {
      fetch: createFetch(chunks),
      openWhenHidden: true,
      onmessage: ({ data }) => void isLast(data),
    });
  },

  async 'launchdarkly-eventsource, over a stream of Node instead of `fetch`'(chunks, isLast) {
    replaceRequest(chunks);
    const source = new LaunchDarklyEventSource(url);
    await new Promise<void>((resolve) =>
      source.addEventListener('message', ({ data }) => {
        if (!isLast(data)) return;
        source.close();
        resolve();
      }),
    );
  },

  async 'eventsource-parser and TextDecoder alone'(chunks, isLast) {
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: ({ data }) => void isLast(data) });
    const { body } = await createFetch(chunks)();
    const reader = body?.getReader();
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      parser.feed(decoder.decode(read.value, { stream: true }));
    }
  },
};
