import { headers as names } from '../protocol/index.ts';
import { ClientError } from './client-error.ts';
import type { ByteSource, FetchResponse } from './fetch-like.ts';
import { toPlace } from './place.ts';
import { readFrames } from './read-frames.ts';
import type { Block } from './read-frames.ts';
import { toEvent } from './received.ts';
import type { Received } from './received.ts';
import type { Ended } from './reconnect.ts';
import { toRefusal } from './refusal.ts';
import type { Ask, Transport } from './transport.ts';
import { createWatchdog } from './watchdog.ts';

/** Where a stream stands, kept across its connections. */
export interface Cursor {
  /** The id to go on after. */
  last: string | undefined;
  /** Whether anything came yet. */
  started: boolean;
}

export interface Source {
  readonly transport: Transport;
  readonly ask: Ask;
  /** Whether the stream is one answer: it has an end. Any other reads the log whole, so that a missing seq is a fault. */
  readonly once: boolean;
  readonly onLive: () => void;
}

/**
 * Reads one connection of a stream after the cursor, moves the cursor along, and tells how the connection ended. Yields the events of
 * a chunk at once: each layer of generators costs microseconds a step.
 */
export async function* readStream(
  { transport, ask, once, onLive }: Source,
  cursor: Cursor,
  outer: AbortSignal,
): AsyncGenerator<readonly Received[], Ended, undefined> {
  const { timing } = transport;
  const watchdog = createWatchdog(timing.silenceMs, outer);
  let liveSince: number | undefined;
  let retryMs: number | undefined;
  const lost = (error: ClientError): Ended => ({
    type: 'lost',
    liveMs: liveSince === undefined ? 0 : timing.now() - liveSince,
    ...(retryMs !== undefined && { retryMs }),
    error,
  });

  try {
    const response = await watchdog.during(transport.send(ask, watchdog.signal, toHeaders(cursor.last)));
    if (response.status === 204) return { type: 'over' };
    if (response.status >= 400) return await watchdog.during(toRefusal(response));
    if (!isEventStream(response)) {
      return lost(
        new ClientError('bad_response', 'The answer is not an event stream.', { status: response.status }),
      );
    }
    liveSince = timing.now();
    onLive();

    const onRetry = (ms: number): void => void (retryMs = ms);
    const toBatch = createReader(cursor, once);
    for await (const blocks of readFrames(response.body, watchdog, onRetry)) {
      const { batch, ended } = toBatch(blocks);
      if (batch.length > 0) yield batch;
      if (ended) return ended;
      if (outer.aborted) return { type: 'over' };
    }
    return lost(new ClientError('unreachable', 'The stream broke off.'));
  } catch (cause) {
    if (cause instanceof ClientError) return { type: 'broken', error: cause };
    return lost(new ClientError('unreachable', 'The server cannot be reached.', { cause }));
  } finally {
    watchdog.close();
  }
}

interface Batch {
  readonly batch: readonly Received[];
  readonly ended?: Ended;
}

/** Makes of the blocks of one connection the events that are new, and moves the cursor along. */
function createReader(cursor: Cursor, once: boolean): (blocks: readonly Block[]) => Batch {
  // What an id is compared with. After a resync whose state did not fit in band, any id may come next.
  let before = cursor.last;
  return (blocks) => {
    const batch: Received[] = [];
    for (const { id, frame } of blocks) {
      if (id !== undefined) {
        const place = toPlace(before, id);
        if (place === 'seen') continue;
        if (place === 'gap' && !once) {
          const error = new ClientError('gap', `Entries are missing before ${id}.`);
          return { batch, ended: { type: 'gap', error } };
        }
        before = cursor.last = id === '' ? undefined : id;
      }
      if (frame === undefined) continue;
      const event = toEvent(frame.event, frame.data);
      if (event.type === 'resync') {
        before = event.state?.last;
        // Without a state the old id stays until the next: coming back with it asks for the resync again.
        if (event.state) cursor.last = before;
      }
      cursor.started = true;
      batch.push(id === undefined ? { event } : { id, event });
      if (once && isEnd(event)) return { batch, ended: { type: 'over' } };
    }
    return { batch };
  };
}

function toHeaders(last: string | undefined): Record<string, string> {
  const isSafe = last !== undefined && !unsafe.test(last);
  return { accept: 'text/event-stream', ...(isSafe && { [names.lastEventId]: toHeader(last) }) };
}

// Other servers' ids may be any text. `fetch` throws at these, for ever.
// oxlint-disable-next-line no-control-regex
const unsafe = /[\x00-\x08\x0a-\x1f\x7f]/;

/** As UTF-8 bytes (HTML standard, "Last-Event-ID"), of which `fetch` takes each as a character. */
function toHeader(id: string): string {
  return String.fromCharCode(...new TextEncoder().encode(id));
}

function isEventStream(response: FetchResponse): response is FetchResponse & { readonly body: ByteSource } {
  const type = response.headers.get('content-type') ?? '';
  return response.status === 200 && response.body !== null && /^text\/event-stream\s*(;|$)/i.test(type);
}

function isEnd(event: Received['event']): boolean {
  return event.type === 'end' || (event.type === 'unknown' && event.name === 'end');
}
