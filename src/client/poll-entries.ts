import { isRecord } from '../protocol/internal.ts';
import { ClientError } from './client-error.ts';
import { createPicker } from './cursor.ts';
import type { Arrival, Batch, Cursor } from './cursor.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { isBadRequest } from './flaw.ts';
import { isEventStream } from './open-body.ts';
import type { Attempt } from './keep-trying.ts';
import { toLastIdHeader } from './last-id.ts';
import { isStreamEvent, toEvent } from './event-at-id.ts';
import type { EventAtId } from './event-at-id.ts';
import { toRefusal } from './refusal.ts';
import type { Transport } from './transport.ts';
import { createWatchdog } from './watchdog.ts';

/** The longest wait that a server accepts for a poll, in seconds. */
const maxWait = 25;
/** The shortest wait to which polls fall if longer ones are not answered, in seconds. */
const leastWait = 2;
/** The wait after a poll without entries that came back too early, in milliseconds. */
const restMs = 1_000;

/** How long the polls of a session wait, kept across attempts. */
export interface PollPace {
  /** The wait in seconds. */
  wait?: number;
}

/**
 * Polls a session's entries after the cursor, one long poll after the other. Ends after an empty poll once it
 * is time to check whether a stream passes.
 */
export async function* pollEntries(
  transport: Transport,
  session: string,
  cursor: Cursor,
  attempt: Attempt,
  pace: PollPace,
): AsyncGenerator<readonly EventAtId[], AttemptEnd, undefined> {
  const { timing } = transport;
  const startedAt = timing.now();
  // A response must come before the read timeout. The wait is rounded to eighths of a second, which are short
  // and whole milliseconds.
  const longest = Math.ceil(Math.min(pace.wait ?? maxWait, timing.readTimeoutMs / 1_500) * 8) / 8;
  // The server answers the first poll at once, which shows whether polling works at all.
  for (let wait = 0; ; wait = longest) {
    const askedAt = timing.now();
    const { batch, ended } = await pollOnce(transport, session, cursor, wait, attempt);
    if (batch.length > 0) yield batch;
    // A firewall forgets a connection that waits for too long.
    if (ended?.type === 'lost' && ended.isSilent && wait > 0) pace.wait = Math.max(wait / 2, leastWait);
    if (ended) return ended.type === 'lost' ? { ...ended, liveMs: timing.now() - startedAt } : ended;
    if (attempt.signal.aborted) return { type: 'over' };
    const isQuiet = wait > 0 && batch.length === 0;
    if (isQuiet && timing.now() - startedAt >= timing.pollForMs) return { type: 'rested' };
    // Something on the way took the wait out of the URL, or answers by itself.
    if (isQuiet && timing.now() - askedAt < (wait * 1_000) / 2) await timing.sleep(restMs, attempt.signal);
  }
}

/** Polls a session once, for at most `wait` seconds, and moves its cursor forward. */
export async function pollOnce(
  transport: Transport,
  session: string,
  cursor: Cursor,
  wait: number,
  { signal, onLive, onBytes }: Pick<Attempt, 'signal' | 'onLive' | 'onBytes'>,
): Promise<Batch<EventAtId>> {
  const { answerMs = Infinity, readTimeoutMs } = transport.timing;
  const watchdog = createWatchdog(readTimeoutMs, signal);
  const path = `/events/${encodeURIComponent(session)}?wait=${wait}`;
  const end = (ended: AttemptEnd): Batch<EventAtId> => ({ batch: [], ended });
  try {
    const headers = { accept: 'application/json', ...toLastIdHeader(cursor.last) };
    const asked = transport.send({ method: 'GET', path }, watchdog.signal, headers);
    const response = await watchdog.during(asked, Math.min(readTimeoutMs, wait * 1_000 + answerMs));
    if (response.status !== 200) return end(await watchdog.during(toRefusal(response)));
    // A stream would never end. Otherwise the text shows what it is, also if the content type was changed.
    const arrivals = isEventStream(response)
      ? undefined
      : toArrivals(JSON.parse(await watchdog.during(response.text())));
    if (arrivals === undefined) return end({ type: 'strange', error: toStrange() });
    onLive();
    onBytes();
    return createPicker(cursor, false)(arrivals);
  } catch (cause) {
    if (isBadRequest(cause)) return end({ type: 'broken', error: cause });
    if (cause instanceof SyntaxError) return end({ type: 'strange', error: toStrange(cause) });
    const error = new ClientError('unreachable', 'The server cannot be reached.', { cause });
    return end({ type: 'lost', liveMs: 0, error, ...(watchdog.expired && { isSilent: true }) });
  } finally {
    watchdog.close();
  }
}

function toArrivals(body: unknown): readonly Arrival[] | undefined {
  if (!isRecord(body) || !Array.isArray(body['entries'])) return undefined;
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
