import { isRecord } from '../protocol/index.ts';
import { ClientError } from './client-error.ts';
import { createPicker } from './cursor.ts';
import type { Arrival, Cursor } from './cursor.ts';
import type { Ended } from './ended.ts';
import type { Attempt } from './keep-trying.ts';
import { isStreamEvent, toEvent } from './received.ts';
import type { Received } from './received.ts';
import { toRefusal } from './refusal.ts';
import type { Transport } from './transport.ts';
import { createWatchdog } from './watchdog.ts';

/** The longest the server lets a poll wait, in seconds. */
const waitSeconds = 25;

/**
 * Polls a session's entries after the cursor, one long poll after the other, and moves the cursor along. Ends when nothing came for a
 * whole poll and it is time to see whether a stream passes by now.
 */
export async function* pollEntries(
  transport: Transport,
  path: string,
  cursor: Cursor,
  { signal, onLive, onBytes }: Attempt,
): AsyncGenerator<readonly Received[], Ended, undefined> {
  const { timing } = transport;
  const watchdog = createWatchdog(timing.readTimeoutMs, signal);
  const startedAt = timing.now();
  const pick = createPicker(cursor, false);
  let wait = 0;

  try {
    for (;;) {
      const after = cursor.last === undefined ? '' : `&after=${encodeURIComponent(cursor.last)}`;
      const ask = { method: 'GET', path: `${path}?wait=${wait}${after}` } as const;
      const response = await watchdog.during(
        transport.send(ask, watchdog.signal, { accept: 'application/json' }),
      );
      if (response.status !== 200) return await watchdog.during(toRefusal(response));
      // A stream has no end to wait for, and a page is not the server's.
      if (!/json/i.test(response.headers.get('content-type') ?? '')) throw toStrange();
      const arrivals = toArrivals(JSON.parse(await watchdog.during(response.text())));
      onLive();
      onBytes();
      const { batch, ended } = pick(arrivals);
      if (batch.length > 0) yield batch;
      if (ended) return ended;
      if (signal.aborted) return { type: 'over' };
      const isDue = wait > 0 && batch.length === 0 && timing.now() - startedAt >= timing.pollForMs;
      if (isDue) return { type: 'rested' };
      // The first poll answers at once, to tell whether polling works at all.
      wait = waitSeconds;
    }
  } catch (cause) {
    if (cause instanceof ClientError) return { type: 'strange', error: cause };
    if (cause instanceof SyntaxError) return { type: 'strange', error: toStrange(cause) };
    const error = new ClientError('unreachable', 'The server cannot be reached.', { cause });
    return { type: 'lost', liveMs: timing.now() - startedAt, error };
  } finally {
    watchdog.close();
  }
}

function toArrivals(body: unknown): readonly Arrival[] {
  if (!isRecord(body) || !Array.isArray(body['entries'])) {
    throw toStrange();
  }
  const entries = body['entries'].filter(isRecord).map(({ id, event }) => ({
    ...(typeof id === 'string' && { id }),
    event: toEvent('', event),
  }));
  const resync = isRecord(body['resync']) ? { type: 'resync', ...body['resync'] } : undefined;
  return isStreamEvent(resync) ? [{ event: resync }, ...entries] : entries;
}

function toStrange(cause?: unknown): ClientError {
  return new ClientError('bad_response', 'The answer holds no entries.', { cause, status: 200 });
}
