import { headers as names } from '../protocol/index.ts';
import { times } from '../protocol/internal.ts';
import { toAnswerMs } from './answer-patience.ts';
import { ClientError } from './client-error.ts';
import type { Batch } from './cursor.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { ByteSource, FetchResponse } from './fetch-like.ts';
import type { Attempt } from './keep-trying.ts';
import { toLastIdHeader } from './last-id.ts';
import { openBody } from './open-body.ts';
import { readFrames } from './read-frames.ts';
import type { FrameBlock } from './read-frames.ts';
import { toRefusal } from './refusal.ts';
import type { ClientRequest, Transport } from './transport.ts';
import { createWatchdog } from './watchdog.ts';

export interface Source<T> {
  readonly transport: Transport;
  readonly ask: ClientRequest;
  /** The id after which to continue. */
  readonly last: string | undefined;
  /** Returns a function that turns the blocks of the response into a batch. */
  read(response: FetchResponse): (blocks: readonly FrameBlock[]) => Batch<T>;
}

/**
 * Reads one connection of a stream and returns how it ended. It yields all items of a chunk at once, because
 * each layer of generators costs microseconds a step.
 */
export async function* readStream<T>(
  { transport, ask, last, read }: Source<T>,
  { signal, canPoll, unanswered, onLive, onBytes }: Attempt,
): AsyncGenerator<readonly T[], AttemptEnd, undefined> {
  const { timing } = transport;
  const watchdog = createWatchdog(timing.readTimeoutMs, signal);
  let liveSince: number | undefined;
  let retryMs: number | undefined;
  let hasBytes = false;
  let slower = 1;
  let eventAt = timing.now();
  const lost = (error: ClientError, isSilent = false): Extract<AttemptEnd, { readonly type: 'lost' }> => ({
    type: 'lost',
    liveMs: liveSince === undefined ? 0 : timing.now() - liveSince,
    ...(retryMs !== undefined && { retryMs }),
    // A server sends the first bytes with the headers. If they end without bytes, something held these back.
    ...((isSilent || (liveSince !== undefined && !hasBytes)) && { isSilent: true }),
    error,
  });
  const { readTimeoutMs, openingMs, eventTimeoutMs, silentMs = readTimeoutMs } = timing;
  const toEventMs = (): number => eventAt + eventTimeoutMs - timing.now();
  const toPatienceMs = (): number =>
    canPoll && !hasBytes
      ? Math.min(readTimeoutMs, openingMs)
      : Math.min(slower * Math.min(readTimeoutMs, hasBytes ? silentMs : Infinity), toEventMs());

  try {
    const asked = transport.send(ask, watchdog.signal, {
      accept: 'text/event-stream',
      ...toLastIdHeader(last),
    });
    const response = await watchdog.during(
      asked,
      Math.min(toAnswerMs(timing, unanswered, ask.body), canPoll ? openingMs : toEventMs()),
    );
    if (response.status === 204) return { type: 'over' };
    if (response.status !== 200) return await watchdog.during(toRefusal(response));
    const opened = await openBody(response, transport.isHeddle === true, (wait) =>
      watchdog.during(wait, toPatienceMs()),
    );
    if (!opened.isStream) {
      const { status } = response;
      return {
        type: 'strange',
        error: new ClientError('bad_response', 'The answer is not an event stream.', { status }),
      };
    }
    liveSince = eventAt = timing.now();
    slower = toSlowness(response);
    onLive();

    const body = opened.body ?? (canPoll ? undefined : toSource(response));
    if (body === undefined)
      return { type: 'held', error: new ClientError('bad_response', 'The answer has no body to read.') };
    const toBatch = read(response);
    const frames = readFrames(body, {
      onRetry: (ms) => (retryMs = ms),
      async during(wait) {
        const read = await watchdog.during(wait, toPatienceMs());
        onBytes();
        return read;
      },
    });
    for await (const blocks of frames) {
      hasBytes = true;
      const { batch, ended } = toBatch(blocks);
      if (batch.length > 0) {
        yield batch;
        eventAt = timing.now();
      }
      if (ended) return ended;
      if (signal.aborted) return { type: 'over' };
    }
    return { ...lost(new ClientError('unreachable', 'The stream broke off.')), isClean: true };
  } catch (cause) {
    if (cause instanceof ClientError) return { type: 'broken', error: cause };
    const error = new ClientError('unreachable', 'The server cannot be reached.', { cause });
    if (!watchdog.expired) return lost(error);
    if (hasBytes) return lost(error, toEventMs() > 0);
    if (canPoll) return { type: 'held', error };
    if (liveSince !== undefined) return lost(error);
    return { type: timing.answerMs === undefined ? 'strange' : 'unanswered', error };
  } finally {
    watchdog.close();
  }
}

/** Returns how many times longer than usual a server may be silent. Its streams say so. */
function toSlowness({ headers }: FetchResponse): number {
  return Math.max(1, Number(headers.get(names.keepalive)) / times.keepaliveMs || 1);
}

/**
 * Returns a source for a `fetch` that gives no body to read, as in React Native. It yields the whole text
 * once the response is complete.
 */
function toSource(response: FetchResponse): ByteSource {
  let isRead = false;
  return {
    getReader: () => ({
      async read() {
        if (isRead) return { done: true };
        isRead = true;
        return { done: false, value: new TextEncoder().encode(await response.text()) };
      },
      cancel: async () => {},
    }),
  };
}
