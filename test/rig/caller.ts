import { lookup } from 'node:dns';
import { Agent, fetch } from 'undici';
import type { RequestInit, Response } from 'undici';

/** The versions of HTTP that browsers speak with a proxy. */
export const versions = ['HTTP/2', 'HTTP/1.1'] as const;

/** A program that calls over TLS. Every name leads to this machine, and certificates are not checked. */
export interface Caller {
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** Opens a stream. Rejects if its status is not 200. */
  listen(url: string | URL, init?: RequestInit): Promise<HeardStream>;
  close(): Promise<void>;
}

/** A stream, as far as it was read. */
interface HeardStream {
  readonly headers: Response['headers'];
  /** Reads on until the stream has a text. Rejects if it ends before. */
  until(text: string): Promise<void>;
  /** Leaves without a word. */
  leave(): void;
}

/** Creates a caller that speaks one version of HTTP. */
export function createCaller(version: (typeof versions)[number]): Caller {
  const dispatcher = new Agent({
    allowH2: version === 'HTTP/2',
    connect: {
      rejectUnauthorized: false,
      lookup: (_, options, callback) => lookup('127.0.0.1', options, callback),
    },
  });
  const call: Caller['fetch'] = (url, init) => fetch(url, { ...init, dispatcher });
  return {
    fetch: call,
    close: () => dispatcher.destroy(),
    listen: async (url, init) => {
      const left = new AbortController();
      const response = await call(url, { ...init, signal: left.signal });
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      const decoder = new TextDecoder();
      const reader = response.body?.getReader();
      let heard = '';
      return {
        headers: response.headers,
        leave: () => left.abort(),
        until: async (text) => {
          while (!heard.includes(text)) {
            const { value, done = true } = (await reader?.read()) ?? {};
            if (done) throw new Error(`The stream ended before "${text}": ${heard}`);
            heard += decoder.decode(value, { stream: true });
          }
        },
      };
    },
  };
}
