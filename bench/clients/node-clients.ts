import type { Follower, Job } from './follower.ts';

/** Follows one stream, with a client's defaults except for the timeout of the job. */
export type NodeFollow = (url: string, follower: Follower, job: Job) => Promise<void>;

/** The clients that run in Node. Each loads its package on use, because some take a second. */
export const nodeClients: Readonly<Record<string, NodeFollow>> = {
  async heddle(url, { onMessage, onEnd }, { silenceMs }) {
    const { createEventStream } = await import('heddle/client');
    const stream = createEventStream(url, silenceMs === undefined ? {} : { readTimeoutMs: silenceMs });
    await tellEnd(onEnd, async () => {
      for await (const { data } of stream) onMessage(data);
    });
  },

  async eventsource(url, { onMessage, onEnd }) {
    const { EventSource } = await import('eventsource');
    const source = new EventSource(url);
    source.addEventListener('message', ({ data }) => onMessage(String(data)));
    source.addEventListener('error', () => {
      if (source.readyState === source.CLOSED) onEnd('failed');
    });
  },

  async 'fetch-event-source'(url, { onMessage, onEnd }) {
    const { fetchEventSource } = await import('@microsoft/fetch-event-source');
    // The package is written for pages. It takes timers and visibility from the page's globals.
    Object.assign(globalThis, { window: globalThis, document: new EventTarget() });
    await tellEnd(onEnd, () =>
      fetchEventSource(url, { openWhenHidden: true, onmessage: ({ data }) => onMessage(data) }),
    );
  },

  async 'launchdarkly-eventsource'(url, { onMessage, onEnd }, { silenceMs }) {
    const { EventSource } = await import('launchdarkly-eventsource');
    const source = new EventSource(url, silenceMs === undefined ? {} : { readTimeoutMillis: silenceMs });
    source.addEventListener('message', ({ data }) => onMessage(data));
    // Without a listener its errors are thrown where no caller can catch them.
    source.addEventListener('error', () => {});
    source.addEventListener('closed', () => onEnd('failed'));
  },

  // `useChat` calls this to resume, once. It asks again only if the application does.
  async 'ai-transport'(url, { onMessage, onEnd }) {
    const { DefaultChatTransport } = await import('ai');
    const transport = new DefaultChatTransport({ prepareReconnectToStreamRequest: () => ({ api: url }) });
    await tellEnd(onEnd, async () => {
      const chunks = await transport.reconnectToStream({ chatId: 'chat' });
      for await (const chunk of chunks ?? []) onMessage(JSON.stringify(chunk));
    });
  },
};

async function tellEnd(onEnd: Follower['onEnd'], follow: () => Promise<void>): Promise<void> {
  try {
    await follow();
    onEnd('done');
  } catch {
    onEnd('failed');
  }
}
