import { setTimeout as delay } from 'node:timers/promises';
import { headers as names, isSessionEvent } from '../protocol/index.ts';
import { checkNumber, timerRange, isRecord } from '../protocol/internal.ts';
import type { EventAtId } from '../client/index.ts';
import { createParser } from '../wire/index.ts';
import type { ReaderRecorder } from './create-history.ts';

export interface PlainFollowOptions {
  /** The URL of the stream: `http://127.0.0.1:8000/stream/S`. */
  readonly url: string | (() => string);
  readonly reader: ReaderRecorder;
  /** Ends the follow when it aborts. */
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default globalThis.fetch */
  readonly fetch?: (request: Request) => Promise<Response>;
  /**
   * Returns the pause before a reconnect, in milliseconds. Gets the value of the last `retry` line.
   * @default 20
   */
  readonly pauseMs?: (retryMs: number | undefined) => number;
  /** How long a connection may be silent before it is closed, in milliseconds. @default 10_000 */
  readonly readTimeoutMs?: number;
  /** Called with each event. */
  readonly onReceived?: (received: EventAtId) => void;
  /** Called with the status of each response. */
  readonly onConnect?: (status: number) => void;
}

/**
 * Follows a session as a plain reader. It reconnects with the last id after any end, records all events, and
 * corrects nothing. So it shows faults of a server that a good client would hide. Resolves when the signal
 * aborts, or the session is gone.
 */
export async function followPlainly(options: PlainFollowOptions): Promise<void> {
  const { signal, reader, pauseMs = () => 20 } = options;
  checkNumber('readTimeoutMs', options.readTimeoutMs, timerRange);
  let retryMs: number | undefined;
  const onRetry = (ms: number): void => void (retryMs = ms);
  while (!signal.aborted) {
    const status = await readConnection(options, onRetry).catch(() => 0);
    if (status === 404) {
      reader.leave();
      return;
    }
    if (!signal.aborted) await delay(pauseMs(retryMs), undefined, { signal }).catch(() => {});
  }
}

/** Reads one connection to its end. Resolves with the status of the response. */
async function readConnection(
  {
    url,
    reader,
    signal,
    headers,
    fetch = globalThis.fetch,
    readTimeoutMs = 10_000,
    onReceived,
    onConnect,
  }: PlainFollowOptions,
  onRetry: (ms: number) => void,
): Promise<number> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), readTimeoutMs);
  const ended = AbortSignal.any([signal, silent.signal]);
  try {
    const { last } = reader;
    const request = new Request(typeof url === 'string' ? url : url(), {
      headers: { ...headers, ...(last !== undefined && { [names.lastEventId]: last }) },
      signal: ended,
    });
    const response = await fetch(request);
    onConnect?.(response.status);
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      return response.status;
    }
    const connection = reader.connect();
    const push = createEventReader((received) => {
      connection.receive(received);
      onReceived?.(received);
    }, onRetry);
    const body = response.body.getReader();
    // After its response, a handler in the same process does not see the abort of the request's signal.
    const cancel = (): void => void body.cancel().catch(() => {});
    ended.addEventListener('abort', cancel);
    for (;;) {
      const { done, value } = await body.read();
      if (done || ended.aborted) return response.status;
      timer.refresh();
      push(value);
    }
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Parses bytes to events, each with the id that was sent with it. The frames of a parser would repeat the
 * last id.
 */
function createEventReader(
  onReceived: (received: EventAtId) => void,
  onRetry: (ms: number) => void,
): (chunk: Uint8Array) => void {
  let id: string | undefined;
  const parser = createParser({
    onRetry,
    onId: (next) => {
      id = next;
    },
    onFrame: ({ data }) => {
      const event = toEvent(data);
      const received = id === undefined ? { event } : { id, event };
      id = undefined;
      onReceived(received);
    },
  });
  return parser.push;
}

function toEvent(text: string): EventAtId['event'] {
  const data: unknown = JSON.parse(text);
  if (isSessionEvent(data)) return data;
  if (isStreamEvent(data)) return data;
  return { type: 'unknown', name: isRecord(data) ? String(data['type']) : '', data };
}

function isStreamEvent(value: unknown): value is Extract<EventAtId['event'], { type: 'resync' | 'drain' }> {
  return isRecord(value) && (value['type'] === 'resync' || value['type'] === 'drain');
}
