import type { AttemptEnd } from './attempt-end.ts';
import type { FetchLike, FetchResponse } from './fetch-like.ts';
import { keepTrying } from './keep-trying.ts';
import type { Attempt, Connection, OnConnection } from './keep-trying.ts';
import { readStream } from './read-stream.ts';
import type { FrameBlock } from './read-frames.ts';
import { toClientEvents } from './to-events.ts';
import type { Events } from './to-events.ts';
import { toTiming } from './timing.ts';
import type { TimingOptions } from './timing.ts';
import { createTransport } from './transport.ts';
import type { RequestHeaders } from './transport.ts';

/**
 * The events of any server that speaks Server-Sent Events, with the properties of a browser's EventSource.
 */
export interface EventStream extends Events<StreamMessage> {
  /** The URL given at creation; redirects do not change it. */
  readonly url: string;
  /**
   * The last id received with or before the last event that was handed on. A new loop continues after it.
   * Empty if there is none.
   */
  readonly lastEventId: string;
  readonly connection: Connection;
  /** Ends every loop over the stream. */
  close(): void;
}

/** One dispatched event (HTML standard, section 9.2). */
export interface StreamMessage {
  /** The event's name; `message` if the stream gives none. */
  readonly event: string;
  readonly data: string;
  /** The last id that the stream sent with this event or before it. */
  readonly id: string;
  /** The origin that sent the event, after redirects. Empty if `fetch` does not report it. */
  readonly origin: string;
}

export interface EventStreamOptions extends TimingOptions {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST';
  readonly headers?: RequestHeaders;
  /** The body of each request. */
  readonly body?: string;
  /**
   * The id after which the first request continues.
   * @default ''
   */
  readonly lastEventId?: string;
  /**
   * Whether to send the request again after a lost connection. A POST may start work each time. Set this for
   * a POST only if the server continues by `Last-Event-ID`.
   * @default true for GET, false for POST
   */
  readonly resume?: boolean;
  /**
   * Whether redirects are followed: they could carry credentials and prompts to another host.
   * @default 'error'
   */
  readonly redirect?: 'error' | 'follow';
  /**
   * Behaves as a browser's EventSource: gives up at any status but 200 and at any other content type, follows
   * redirects, and waits the same time before each attempt.
   */
  readonly compat?: 'eventsource';
  readonly signal?: AbortSignal;
  /** Called when the connection changes. The detail says why it waits, and until when. */
  readonly onConnection?: OnConnection;
  /** @default globalThis.fetch */
  readonly fetch?: FetchLike;
}

/**
 * Creates an event stream that is read across its connections. It connects when a loop over it begins. Throws
 * a TypeError if the URL is not usable. A loop throws a ClientError if the server refuses for good.
 */
export function createEventStream(url: string, options: EventStreamOptions = {}): EventStream {
  const { method = 'GET', headers, body, lastEventId = '', compat, onConnection } = options;
  const { resume = method === 'GET', redirect = compat ? 'follow' : 'error' } = options;
  const transport = createTransport({
    url,
    headers,
    fetch: options.fetch,
    redirect: redirect === 'error' ? 'manual' : redirect,
    timing: toTiming(options),
  });
  const { timing, renewable } = transport;
  const ask = { method, path: '', ...(body !== undefined && { body }) };
  const controller = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
  let given = lastEventId;
  let connection: Connection = 'connecting';

  // Each loop has its own position. It begins after the last event that was handed on.
  async function* read(outer: AbortSignal): AsyncGenerator<readonly StreamMessage[], void, undefined> {
    let last = given;
    const toBatch = ({ url: from = '' }: FetchResponse) => {
      const origin = URL.canParse(from) ? new URL(from).origin : '';
      return (blocks: readonly FrameBlock[]): { readonly batch: readonly StreamMessage[] } => {
        const batch: StreamMessage[] = [];
        for (const { id = last, frame } of blocks) {
          last = id;
          if (frame) batch.push({ event: frame.event, data: frame.data, id, origin });
        }
        return { batch };
      };
    };
    async function* attempt(
      current: Attempt,
    ): AsyncGenerator<readonly StreamMessage[], AttemptEnd, undefined> {
      const source = { transport, ask, last: last || undefined, read: toBatch };
      const ended = yield* readStream(source, current);
      if (resume || ended.type !== 'lost') return ended;
      // Only the application knows whether this was the end of the response.
      return ended.isClean ? { type: 'over' } : { type: 'broken', error: ended.error };
    }
    yield* keepTrying(attempt, {
      signal: outer,
      timing,
      renewable,
      plain: compat === 'eventsource',
      anyMake: true,
      asksOnce: !resume,
      tries: Infinity,
      onConnection: (now, detail) => {
        connection = now;
        onConnection?.(now, detail);
      },
    });
  }

  const events = toClientEvents(signal, read, ({ id }) => (given = id));
  return {
    ...events,
    url,
    get lastEventId() {
      return given;
    },
    get connection() {
      return connection;
    },
    close: () => controller.abort(),
  };
}
